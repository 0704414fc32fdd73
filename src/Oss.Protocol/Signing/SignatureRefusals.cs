using System.Globalization;
using System.Text;

namespace Oss.Protocol;

/// <summary>OSS's refusals of signatures, whatever their version. Source: OSS documentation, EC pages 0002-*.</summary>
internal static class SignatureRefusals
{
    public static KeyLookup Argument(string message, string name, string value, string? ec) =>
        Refused(OssErrorCode.InvalidArgument, message, ec, [new("ArgumentName", name), new("ArgumentValue", value)]);

    public static KeyLookup NoDate() => Refused(OssErrorCode.AccessDenied, "OSS authentication requires a valid Date.", null, []);

    public static KeyLookup Skewed(DateTimeOffset time, DateTimeOffset now) => Refused(
        OssErrorCode.RequestTimeTooSkewed, "The difference between the request time and the current time is too large.", null,
        [new("MaxAllowedSkewMilliseconds", "900000"), new("RequestTime", OssXml.Time(time)), new("ServerTime", OssXml.Time(now))]);

    public static KeyLookup Expired(DateTimeOffset expires, DateTimeOffset now) => Refused(
        OssErrorCode.AccessDenied, "Request has expired.", "0002-00000069",
        [new("Expires", OssXml.Time(expires)), new("ServerTime", OssXml.Time(now))]);

    /// <summary>A form that carries fields of both versions.</summary>
    public static KeyLookup MixedForm() =>
        Argument("The form must not mix the fields of signature versions 1 and 4.", "x-oss-signature-version", "", null);

    /// <summary>The signature is another; the reply tells what should have been signed, so that the caller can compare.</summary>
    /// <param name="accessKey">The key that was named.</param>
    /// <param name="provided">The signature as it came.</param>
    /// <param name="stringToSign">What should have been signed.</param>
    /// <param name="canonicalRequest">The canonical request, which version 1 has none of.</param>
    public static KeyLookup Mismatch(AccessKey accessKey, string provided, string stringToSign, string? canonicalRequest = null)
    {
        var details = new List<KeyValuePair<string, string>>
        {
            new("OSSAccessKeyId", accessKey.Id),
            new("SignatureProvided", provided),
            new("StringToSign", stringToSign),
            new("StringToSignBytes", string.Join(' ', Encoding.UTF8.GetBytes(stringToSign).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))),
        };
        if (canonicalRequest is not null)
        {
            details.Add(new("CanonicalRequest", canonicalRequest));
        }

        return Refused(
            OssErrorCode.SignatureDoesNotMatch, "The request signature we calculated does not match the signature you provided. Check your key and signing method.", "0002-00000040", details);
    }

    private static KeyLookup Refused(OssErrorCode code, string message, string? ec, IReadOnlyList<KeyValuePair<string, string>> details) =>
        KeyLookup.Refused(new OssError(code, message, ec) { Details = details });
}
