using System.Security.Cryptography;
using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

/// <summary>A body that is a document, read into memory up to a bound.</summary>
internal static class SmallBody
{
    public static async Task<byte[]> ReadAsync(OssCall call, int maxSize, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await call.Request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            call.BytesReceived += read;
            if (body.Length + read > maxSize)
            {
                throw Refusals.MalformedXml($"It is larger than {maxSize} bytes.");
            }

            body.Write(buffer, 0, read);
        }

        var bytes = body.ToArray();
#pragma warning disable CA5351 // The algorithm is OSS's choice.
        if (ContentMd5.Read(call) is { } expected && !expected.AsSpan().SequenceEqual(MD5.HashData(bytes)))
#pragma warning restore CA5351
        {
            throw Refusals.InvalidDigest(call.Header("Content-MD5"), null);
        }

        return bytes;
    }
}
