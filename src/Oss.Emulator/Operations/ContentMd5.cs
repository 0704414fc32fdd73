using System.Security.Cryptography;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>The header Content-MD5: base64 of the body's MD5.</summary>
internal static class ContentMd5
{
    /// <summary>The MD5 that the client sent; null when it sent none.</summary>
    public static byte[]? Read(OssCall call)
    {
        var text = call.Header("Content-MD5");
        return text is null ? null
            : OssEncoding.TryDecodeBase64(text, out var md5) && md5.Length == MD5.HashSizeInBytes ? md5
            : throw Refusals.InvalidDigest(text, null);
    }
}
