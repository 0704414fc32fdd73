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
internal sealed record MultipartTicket(string OssUploadId, string Id, DateTimeOffset Issued, DateTimeOffset Expires, string Bucket, string Key)
{
    private const string Purpose = "multipart-upload";
    private const char Separator = '~';

    public string ToText(Seals seals, UploadSession session)
    {
        var (issued, expires) = (Seconds(Issued), Seconds(Expires));
        return string.Join(Separator, OssUploadId, Id, issued, expires, seals.Sign(Purpose, session.Id, Bucket, Key, OssUploadId, Id, issued, expires));
    }

    /// <summary>Reads what a client sends as the upload's id; null when it is none of this session, bucket and key.</summary>
    public static MultipartTicket? Parse(string text, Seals seals, UploadSession session, string bucket, string key) =>
        text.Split(Separator) is [var ossUploadId, var id, var issued, var expires, var seal]
        && seals.Verify(seal, Purpose, session.Id, bucket, key, ossUploadId, id, issued, expires)
            ? new MultipartTicket(ossUploadId, id, Time(issued), Time(expires), bucket, key)
            : null;

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // Sealed by us, so well-formed.
    private static DateTimeOffset Time(string seconds) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
}
