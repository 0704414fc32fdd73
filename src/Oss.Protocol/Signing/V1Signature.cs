using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// Version 1 of OSS's signatures, as pure functions: base64 of HMAC-SHA1 over a short text. It is retired (no new accounts since 2025-03-01, no new buckets since
/// 2025-09-01), so <see cref="V4Signer"/> is what to sign with; this is for checking what old clients send.
/// Source: OSS documentation, "Include a V1 signature in the Authorization header", "Add signatures to URLs", "PostObject".
/// </summary>
public static class V1Signature
{
    /// <summary>First word of the Authorization header.</summary>
    public const string Scheme = "OSS";

    /// <summary>
    /// What is signed for the Authorization header: method, Content-MD5, Content-Type and date, a line each (empty where there is none), then the x-oss headers
    /// (lower case, sorted, <c>name:value</c>, a line each), then "/bucket/key" not encoded and, behind "?", the sub-resources. At bucket level "/bucket/", at service
    /// level "/". The date is the value of x-oss-date if the request has it, and of Date otherwise.
    /// </summary>
    /// <param name="request">The request; of its query only sub-resources count (<see cref="IsSubResource"/>), its additional headers do not.</param>
    public static string StringToSign(OssRequest request) => StringToSign(request, DateLine(request) ?? "", V1SubResources.Canonical(request.Query));

    /// <summary>What is signed for a URL: the same, with the expiry in Unix seconds in place of the date.</summary>
    /// <param name="request">The request, with the token of a temporary key as parameter <c>security-token</c>.</param>
    /// <param name="expires">From when on the URL is refused; parts of a second are dropped.</param>
    public static string StringToSign(OssRequest request, DateTimeOffset expires) =>
        StringToSign(request, expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), V1SubResources.Canonical(request.Query));

    /// <summary>Signs: standard base64 of HMAC-SHA1, 28 characters.</summary>
    /// <param name="secret">Secret of the key.</param>
    /// <param name="stringToSign">What <see cref="StringToSign(OssRequest)"/> gives.</param>
    public static string Sign(string secret, string stringToSign) =>
        // CA5350: SHA-1 is what version 1 is defined with.
#pragma warning disable CA5350
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(stringToSign)));
#pragma warning restore CA5350

    /// <summary>Signs a form: what is signed is its policy as it is sent.</summary>
    /// <param name="secret">Secret of the key.</param>
    /// <param name="policy">Value of the field <c>policy</c>, base64.</param>
    public static string SignPolicy(string secret, string policy) => Sign(secret, policy);

    /// <summary>
    /// Whether a query parameter is signed: acl, append, bucketInfo, callback, callback-var, cloudboxes, cname, comp, continuation-token, cors, delete, encryption,
    /// endTime, inventory, inventoryId, lifecycle, live, location, logging, objectMeta, partNumber, policy, position, publicAccessBlock, qos, qosInfo, referer, regionList,
    /// replication*, requestPayment, resourceGroup, response-cache-control, response-content-disposition, response-content-encoding, response-content-language,
    /// response-content-type, response-expires, restore, security-token, sequential, startTime, stat, status, style, styleName, symlink, tagging, transferAcceleration,
    /// uploadId, uploads, versionId, versioning, versions, vod, website, worm* and x-oss-*. Names are case-sensitive.
    /// </summary>
    public static bool IsSubResource(string name) => V1SubResources.Contains(name);

    /// <summary>The line that the clock is held against, as it came; null when the request has no date.</summary>
    internal static string? DateLine(OssRequest request) =>
        SignatureChecks.Header(request.Headers, "x-oss-date") ?? SignatureChecks.Header(request.Headers, "Date");

    /// <summary>The string to sign around a date and sub-resources that are canonical already.</summary>
    internal static string StringToSign(OssRequest request, string date, string subResources)
    {
        var text = new StringBuilder(request.Method).Append('\n')
            .Append(SignatureChecks.Header(request.Headers, "Content-MD5")?.Trim()).Append('\n')
            .Append(SignatureChecks.Header(request.Headers, "Content-Type")?.Trim()).Append('\n')
            .Append(date).Append('\n');
        var headers = request.Headers.Where(header => header.Key.StartsWith("x-oss-", StringComparison.OrdinalIgnoreCase))
            .Select(header => (Name: header.Key.ToLowerInvariant(), Value: header.Value.Trim()))
            .OrderBy(header => header.Name, StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        text.Append('/');
        if (request.Bucket is not null)
        {
            text.Append(request.Bucket).Append('/').Append(request.Key);
        }

        return (subResources.Length == 0 ? text : text.Append('?').Append(subResources)).ToString();
    }
}
