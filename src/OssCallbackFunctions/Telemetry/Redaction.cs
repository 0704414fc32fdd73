using System.Text.RegularExpressions;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.UploadSessions;

namespace OssCallbackFunctions.Telemetry;

/// <summary>
/// Takes out of a text what gives rights to whoever reads it: of URLs all but scheme and host, of paths of ours the grant or session in them, the values of signatures, keys and tokens, and
/// secrets of webhooks. What we log and trace has none of these; this is for what libraries and other people's errors say.
/// </summary>
internal static partial class Redaction
{
    private const string Cut = "*";

    /// <summary>The text without them; the same instance when it has none.</summary>
    public static string Of(string text)
    {
        var cut = Urls().Replace(text, $"$1{Cut}");
        cut = Paths().Replace(cut, $"$1{Cut}");
        cut = Values().Replace(cut, $"$1{Cut}");
        return Webhooks().Replace(cut, $"$1{Cut}");
    }

    [GeneratedRegex("""(\bhttps?://[^\s/?#"'<>]+/)[^\s"'<>]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Urls();

    [GeneratedRegex($"""(/{CallbackAddress.Route}|/api/{UploadSessionDesk.Route})[^\s"'<>]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Paths();

    // In queries with an equals sign, in headers and JSON with a colon.
    [GeneratedRegex(
        """((?<![a-z0-9])(?:(?:x-oss-)?(?:signature|credential|security-token|policy|callback|callback-var)|OSSAccessKeyId|AccountKey|AccessKeySecret|SharedAccessSignature|x-functions-key|Authorization)["']?[=:]\s*["']?(?:(?:Bearer|SharedKey|SharedKeyLite|OSS|OSS4-HMAC-SHA256)\s+)?|(?<![a-z0-9])(?:sig|code|popreceipt)=)[^\s&"'<>,;]{8,}""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Values();

    [GeneratedRegex("(whsec_)[A-Za-z0-9+/=]+")]
    private static partial Regex Webhooks();
}
