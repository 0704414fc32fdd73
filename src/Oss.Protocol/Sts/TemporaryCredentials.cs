using System.Globalization;
using System.Text.Json;

namespace Oss.Protocol;

/// <summary>What STS lent. Source: RAM documentation, "AssumeRole".</summary>
/// <param name="Key">The key with its security token, without which it is nothing.</param>
/// <param name="Expiration">From this time on, by STS's clock, the key is void; a whole second.</param>
/// <param name="AssumedRoleArn">The role in this session: <c>acs:ram::ACCOUNT:role/NAME/SESSION</c>.</param>
/// <param name="AssumedRoleId">STS's number of the role, a colon and the session's name.</param>
public sealed record TemporaryCredentials(AccessKey Key, DateTimeOffset Expiration, string AssumedRoleArn, string AssumedRoleId)
{
    /// <summary>Whose and until when: secret and token are not for logs.</summary>
    public override string ToString() => $"{Key} of {AssumedRoleArn} until {Expiration:O}";

    /// <summary>Reads a reply in JSON; null when something of it is missing.</summary>
    internal static TemporaryCredentials? Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var (credentials, user) = (document.RootElement.GetProperty("Credentials"), document.RootElement.GetProperty("AssumedRoleUser"));
            var key = new AccessKey(Text(credentials, "AccessKeyId"), Text(credentials, "AccessKeySecret"), Text(credentials, "SecurityToken"));
            return new TemporaryCredentials(
                key,
                DateTimeOffset.ParseExact(Text(credentials, nameof(Expiration)), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                Text(user, "Arn"),
                Text(user, nameof(AssumedRoleId)));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException(name);
}
