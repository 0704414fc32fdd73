using System.Globalization;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>
/// A multipart upload that was begun under a session. To clients it is the upload's id: OSS's own id, our id and the expiry, with a seal over these, the session, the bucket and the key.
/// So whoever names another's upload, or another key, holds no seal for it.
/// </summary>
/// <param name="OssUploadId">OSS's id of the multipart upload.</param>
/// <param name="Id">Our id of the upload.</param>
/// <param name="Issued">When it was begun; to the second.</param>
/// <param name="Expires">From this time on it is given up; to the second.</param>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key.</param>
/// <param name="Slot">What it is counted by while it is open; null: it is not.</param>
/// <param name="PartSize">Bytes of each part but the last, as the client was told; null: it cuts the file as it likes.</param>
internal sealed record MultipartTicket(
    string OssUploadId, string Id, DateTimeOffset Issued, DateTimeOffset Expires, string Bucket, string Key, string? Slot = null, long? PartSize = null)
{
    private const string Purpose = "multipart-upload";
    private const char Separator = '~';

    public string ToText(Seals seals, UploadSession session)
    {
        var (issued, expires) = (Seconds(Issued), Seconds(Expires));
        string[] texts = [OssUploadId, Id, issued, expires, .. Options()];
        return string.Join(Separator, [.. texts, Seal(seals, session, Bucket, Key, texts)]);
    }

    /// <summary>Reads what a client sends as the upload's id; null when it is none of this session, bucket and key.</summary>
    public static MultipartTicket? Parse(string text, Seals seals, UploadSession session, string bucket, string key) =>
        text.Split(Separator) is { Length: >= 5 and <= 7 } texts && seals.Verify(texts[^1], Purpose, [session.Id, bucket, key, .. texts[..^1]])
            ? new MultipartTicket(texts[0], texts[1], Time(texts[2]), Time(texts[3]), bucket, key, texts.Length > 5 && texts[4].Length > 0 ? texts[4] : null, texts.Length == 7 ? Number(texts[5]) : null)
            : null;

    private string[] Options() => PartSize is { } size ? [Slot ?? "", size.ToString(CultureInfo.InvariantCulture)] : Slot is null ? [] : [Slot];

    private static string Seal(Seals seals, UploadSession session, string bucket, string key, string[] texts) => seals.Sign(Purpose, [session.Id, bucket, key, .. texts]);

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string seconds) => DateTimeOffset.FromUnixTimeSeconds(Number(seconds));

    // Sealed by us, so well-formed.
    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
