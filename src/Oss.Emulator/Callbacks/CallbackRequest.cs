using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Writes the call that OSS makes, byte for byte: its headers, in the order in which they have been seen.</summary>
internal sealed class CallbackRequest(CallbackKey key, TimeProvider clock)
{
    /// <summary>The whole request.</summary>
    /// <param name="url">Whom to call.</param>
    /// <param name="callback">How.</param>
    /// <param name="body">The filled-in body.</param>
    /// <param name="bucket">Bucket of the object.</param>
    /// <param name="requestId">Id of the upload's request.</param>
    /// <param name="fault">What is to be wrong with it.</param>
    public byte[] Write(CallbackUrl url, CallbackParameter callback, string body, string bucket, string requestId, CallbackFault fault)
    {
        var signed = Encoding.UTF8.GetBytes(body);
        var signature = key.Sign(url.Target, signed, fault.IsWronglySigned);
        var sent = fault.IsAltered ? Encoding.UTF8.GetBytes(body + (callback.BodyType == CallbackBodyType.Json ? " " : "&altered=true")) : signed;

        // After the first three OSS sorts by name. A further header cannot take the place of one of OSS's own.
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in callback.AdditionalHeaders.Where(header => header.Key is not ("host" or "connection" or "content-length" or "transfer-encoding")))
        {
            headers[name] = value;
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("Authorization", signature),
            ("Content-MD5", Md5(sent)),
            ("Content-Type", callback.BodyType == CallbackBodyType.Json ? "application/json" : "application/x-www-form-urlencoded"),
            ("Date", clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
            ("User-Agent", "aliyun-oss-callback"),
            ("x-oss-additional-headers", ""),
            ("x-oss-bucket", bucket),
            ("x-oss-owner", BucketOwner.Id),
            ("x-oss-pub-key-url", key.PublicKeyUrlHeader),
            ("x-oss-request-id", requestId),
            ("x-oss-requester", BucketOwner.Id),
            ("x-oss-signature-version", "1.0"),
            ("x-oss-tag", "CALLBACK"),
        ])
        {
            headers.Remove(name);
            headers[name] = value;
        }

        var head = new StringBuilder(1024)
            .Append("POST ").Append(url.Target).Append(" HTTP/1.1\r\n")
            .Append("Host: ").Append(callback.Host ?? url.Authority).Append("\r\n")
            .Append("Connection: close\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Length: {sent.Length}\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. sent];
    }

#pragma warning disable CA5351 // The algorithm is OSS's choice.
    private static string Md5(byte[] body) => Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
}
