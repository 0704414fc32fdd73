using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// The current signature of Alibaba Cloud's interfaces, of which STS is one (<c>ACS3-HMAC-SHA256</c>): by header, over query, headers and body, with the secret itself as the key.
/// Source: Alibaba Cloud documentation, "Request syntax and signature method V3".
/// </summary>
public static class Acs3Signature
{
    /// <summary>Name of the algorithm, first word of the Authorization header.</summary>
    public const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>The header with the body's hash, which every request carries.</summary>
    public const string ContentHashHeader = "x-acs-content-sha256";

    /// <summary>The names of the headers a client signs: <c>host</c>, <c>content-type</c> and every <c>x-acs-*</c> that the request has; lower case, in order.</summary>
    public static IReadOnlyList<string> NamesToSign(IEnumerable<string> headerNames) =>
    [
        .. headerNames.Select(Lower)
            .Where(name => name is "host" or "content-type" || name.StartsWith("x-acs-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The request in the form that is hashed.</summary>
    /// <param name="httpMethod">HTTP method, upper case.</param>
    /// <param name="path">Path as it is sent, encoded; <c>/</c> for STS.</param>
    /// <param name="query">Query parameters, decoded; a missing value counts as an empty one.</param>
    /// <param name="headers">The request's headers; names compared ignoring case.</param>
    /// <param name="signedHeaders">Which of them are signed; one that the request does not have counts as empty.</param>
    /// <param name="payloadSha256">Lower-case hex of the body's SHA-256.</param>
    public static string CanonicalRequest(
        string httpMethod, string path, IEnumerable<KeyValuePair<string, string?>> query, IEnumerable<KeyValuePair<string, string>> headers,
        IEnumerable<string> signedHeaders, string payloadSha256)
    {
        var values = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        var names = signedHeaders.Select(Lower).Order(StringComparer.Ordinal).ToArray();
        var parameters = query
            .Select(parameter => (Name: OssEncoding.Encode(parameter.Key), Value: OssEncoding.Encode(parameter.Value ?? "")))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Name}={parameter.Value}");
        var lines = names.Select(name => $"{name}:{values.GetValueOrDefault(name, "").Trim()}\n");
        return string.Join('\n', httpMethod, path, string.Join('&', parameters), string.Concat(lines), string.Join(';', names), payloadSha256);
    }

    /// <summary>The text that is signed.</summary>
    public static string StringToSign(string canonicalRequest) => $"{Algorithm}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";

    /// <summary>The signature: 64 lower-case hex digits.</summary>
    /// <param name="canonicalRequest">The request in the form that is hashed.</param>
    /// <param name="accessKeySecret">The secret, from which no key is derived.</param>
    public static string Sign(string canonicalRequest, string accessKeySecret) =>
        Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(accessKeySecret), Encoding.UTF8.GetBytes(StringToSign(canonicalRequest))));

    /// <summary>Whether a signature is the secret's; compared in constant time.</summary>
    public static bool Verify(string canonicalRequest, string accessKeySecret, string signature) =>
        SignatureChecks.SameText(Sign(canonicalRequest, accessKeySecret), signature);

    /// <summary>Value of the Authorization header of a request that is complete but for it.</summary>
    /// <param name="accessKey">The key; a security token must already be in the header <c>x-acs-security-token</c>.</param>
    /// <param name="httpMethod">HTTP method, upper case.</param>
    /// <param name="path">Path as it is sent, encoded; <c>/</c> for STS.</param>
    /// <param name="query">Query parameters, decoded.</param>
    /// <param name="headers">All headers, <c>host</c> and <see cref="ContentHashHeader"/> among them.</param>
    public static string Authorization(
        AccessKey accessKey, string httpMethod, string path, IEnumerable<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var names = NamesToSign(headers.Select(header => header.Key));
        var hash = headers.Single(header => header.Key.Equals(ContentHashHeader, StringComparison.OrdinalIgnoreCase)).Value;
        var signature = Sign(CanonicalRequest(httpMethod, path, query, headers, names, hash), accessKey.Secret);
        return $"{Algorithm} Credential={accessKey.Id},SignedHeaders={string.Join(';', names)},Signature={signature}";
    }

    /// <summary>Value of <see cref="ContentHashHeader"/> for a body.</summary>
    public static string ContentHash(ReadOnlySpan<byte> body) => Hex(SHA256.HashData(body));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

#pragma warning disable CA1308 // Header names are signed in lower case.
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
