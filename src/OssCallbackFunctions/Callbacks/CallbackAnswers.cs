using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What OSS is answered, and hands on to the uploader: the members that the profile names, or the usual ones.</summary>
public sealed class CallbackAnswers
{
    private readonly Dictionary<string, List<(string Member, AnswerTemplate Template)>> _profiles = new(StringComparer.Ordinal);

    /// <summary>The answers of the profiles in the options, which have been checked.</summary>
    public CallbackAnswers(IOptions<CallbackProfilesOptions> options)
    {
        foreach (var (name, profile) in options.Value.Profiles.Where(profile => profile.Value.Answer.Count > 0))
        {
            _profiles[name] = [.. profile.Answer.Select(member => (member.Key, AnswerTemplate.Parse(member.Value, profile).Template!))];
        }
    }

    /// <summary>The answer to a callback: JSON in UTF-8, without a byte order mark; null when it is refused.</summary>
    internal byte[]? Of(CallbackOutcome outcome)
    {
        if (UploadAnswer.Of(outcome) is not { } answer)
        {
            return null;
        }

        if (!_profiles.TryGetValue(answer.Grant.Profile, out var members))
        {
            return JsonSerializer.SerializeToUtf8Bytes(
                new CallbackAnswer(answer.State, answer.Id, answer.Bucket, answer.Key, answer.Told?.Size, answer.Told?.ETag, answer.Told?.Crc64), CallbackJson.Default.CallbackAnswer);
        }

        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString(AnswerSettings.State, answer.State);
            foreach (var (member, template) in members)
            {
                writer.WritePropertyName(member);
                template.Write(writer, answer);
            }

            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }
}

/// <summary>What can be answered to a callback that is believed.</summary>
/// <param name="State"><c>verified</c> or <c>pending</c>.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key.</param>
/// <param name="Told">What was told; null while it is pending.</param>
internal sealed record UploadAnswer(string State, UploadGrant Grant, string Bucket, string Key, UploadEventData? Told)
{
    public string Id => Grant.Id;

    public static UploadAnswer? Of(CallbackOutcome outcome) => outcome switch
    {
        { Verification: CallbackVerification.Verified, Grant: { } grant, Told: { } told } => new("verified", grant, told.Bucket, told.Key, told),
        { Verification: CallbackVerification.Pending, Grant: { } grant, Callback: { } callback } => new("pending", grant, callback.Bucket, callback.Key, null),
        _ => null,
    };
}
