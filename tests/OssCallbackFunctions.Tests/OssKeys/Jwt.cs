using System.Buffers.Text;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.OssKeys;

/// <summary>Tokens as Entra's are, but that nobody signed.</summary>
internal static class Jwt
{
    public static string Of(string audience, TimeSpan life)
    {
        var now = DateTimeOffset.UtcNow;
        return string.Join('.', new[]
        {
            JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", typ = "JWT", kid = "1" }),
            JsonSerializer.SerializeToUtf8Bytes(new
            {
                aud = audience, iss = "https://sts.windows.net/11111111-2222-3333-4444-555555555555/", sub = Guid.NewGuid().ToString(), oid = "22222222-2222-3333-4444-555555555555",
                iat = now.AddHours(-1).ToUnixTimeSeconds(), nbf = now.AddHours(-1).ToUnixTimeSeconds(), exp = (now + life).ToUnixTimeSeconds(),
            }),
            "signature"u8.ToArray(),
        }.Select(part => Base64Url.EncodeToString(part)));
    }
}
