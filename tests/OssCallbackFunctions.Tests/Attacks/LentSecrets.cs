using System.Text.RegularExpressions;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>What of a credential gives rights to whoever reads it, and what must not be told therefore.</summary>
internal static class LentSecrets
{
    /// <summary>Of a presigned PUT with its callback.</summary>
    public static string[] Of(Loot lent) => [.. OfUrl(lent.Put.GetProperty("url").GetString()!), GrantOf(lent), lent.Callback.ToBase64()];

    /// <summary>The grant in the callback's URL.</summary>
    public static string GrantOf(Loot lent) => lent.Url[(lent.Url.IndexOf("/oss/", StringComparison.Ordinal) + 5)..].Split('/')[0];

    /// <summary>The key of the storage account that the app has.</summary>
    public static string StorageKeyOf(RunningApp app) => Regex.Match(app.Stack.StorageConnectionString, "AccountKey=([^;]+)").Groups[1].Value;

    /// <summary>Has a temporary key lent, and uploads an object in parts through a session.</summary>
    public static async Task<(SessionClient Client, string Key, string UploadId, IReadOnlyList<string> Secrets)> OfSessionAsync(RunningApp app)
    {
        var (sts, _) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "a.bin", kind = "sts" });
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var (key, uploadId) = await client.BeginAsync();
        var url = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, await client.SendAsync(url, [1]))));
        return (client, key, uploadId,
        [
            sts.GetProperty("sts").GetProperty("accessKeySecret").GetString()!, sts.GetProperty("sts").GetProperty("securityToken").GetString()!, .. OfUrl(url),
            client.Endpoint[(client.Endpoint.LastIndexOf('/') + 1)..], uploadId.Split('~')[^1],
        ]);
    }

    // With it, the signature alone, and what makes the URL work.
    private static string[] OfUrl(string url) => [url, Regex.Match(url, "x-oss-signature=([0-9a-f]{64})").Groups[1].Value, url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..]];
}
