using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests;

/// <summary>A callback as OSS sends it.</summary>
internal static class SignedCallback
{
    /// <param name="url">Where to.</param>
    /// <param name="body">What it says.</param>
    /// <param name="key">OSS's key.</param>
    /// <param name="keyUrl">Where its public half is.</param>
    /// <param name="target">Path and query that are signed; null: the URL's.</param>
    /// <param name="signed">Body that is signed; null: that which is sent.</param>
    public static HttpRequestMessage Of(Uri url, byte[] body, RSA key, string keyUrl, string? target = null, byte[]? signed = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", CallbackSignature.Sign(target ?? url.PathAndQuery, signed ?? body, key));
        request.Headers.Add("x-oss-pub-key-url", Convert.ToBase64String(Encoding.UTF8.GetBytes(keyUrl)));
        return request;
    }
}
