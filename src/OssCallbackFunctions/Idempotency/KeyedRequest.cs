using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OssCallbackFunctions.Idempotency;

/// <summary>A request with a key, as far as it is told from others. Both are hashes: the table has neither keys nor bodies.</summary>
/// <param name="Scope">Caller, function and key: two requests of one scope are meant to be one.</param>
/// <param name="Fingerprint">Method, path, query and body: two requests of one fingerprint are the same.</param>
internal sealed record KeyedRequest(string Scope, string Fingerprint)
{
    public static KeyedRequest Of(string? caller, string function, string key, string method, Uri url, ReadOnlySpan<byte> body) =>
        new(Hash([], caller is null ? "" : $"+{caller}", function, key), Hash(body, method, url.PathAndQuery));

    // None of the texts can have a zero byte in it: environment variables, headers and URLs have none.
    private static string Hash(ReadOnlySpan<byte> rest, params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        hash.AppendData(rest);
        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }
}
