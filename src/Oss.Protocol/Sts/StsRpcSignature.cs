using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// The older signature of Alibaba Cloud's RPC interfaces, of which STS is one: HMAC-SHA1 over all parameters, wherever in query or form they travel.
/// Source: Alibaba Cloud documentation, "Request syntax and signature method V2 for RPC APIs".
/// </summary>
public static class StsRpcSignature
{
    /// <summary>Value of the parameter <c>SignatureMethod</c>.</summary>
    public const string Method = "HMAC-SHA1";

    /// <summary>Value of the parameter <c>SignatureVersion</c>.</summary>
    public const string Version = "1.0";

    /// <summary>Name of the parameter that carries the signature, which is not itself signed.</summary>
    public const string Parameter = "Signature";

    /// <summary>The text that is signed.</summary>
    /// <param name="httpMethod">GET or POST.</param>
    /// <param name="parameters">All parameters, decoded; <c>Signature</c> may be among them and is left out.</param>
    public static string StringToSign(string httpMethod, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var sorted = parameters
            .Where(parameter => parameter.Key != Parameter)
            .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{OssEncoding.Encode(parameter.Key)}={OssEncoding.Encode(parameter.Value)}");
        return $"{httpMethod}&%2F&{OssEncoding.Encode(string.Join('&', sorted))}";
    }

    /// <summary>The signature, in base64.</summary>
    /// <param name="httpMethod">GET or POST.</param>
    /// <param name="parameters">All parameters, decoded.</param>
    /// <param name="accessKeySecret">Secret of the key whose id is in the parameter <c>AccessKeyId</c>.</param>
    public static string Sign(string httpMethod, IEnumerable<KeyValuePair<string, string>> parameters, string accessKeySecret)
    {
#pragma warning disable CA5350 // The algorithm is Alibaba Cloud's choice.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(accessKeySecret + "&"), Encoding.UTF8.GetBytes(StringToSign(httpMethod, parameters))));
#pragma warning restore CA5350
    }

    /// <summary>Whether the signature among the parameters is the secret's; compared in constant time.</summary>
    /// <param name="httpMethod">GET or POST.</param>
    /// <param name="parameters">All parameters, decoded.</param>
    /// <param name="accessKeySecret">Secret of the key whose id is in the parameter <c>AccessKeyId</c>.</param>
    public static bool Verify(string httpMethod, IReadOnlyCollection<KeyValuePair<string, string>> parameters, string accessKeySecret) =>
        SignatureChecks.SameText(Sign(httpMethod, parameters, accessKeySecret), parameters.FirstOrDefault(parameter => parameter.Key == Parameter).Value ?? "");
}
