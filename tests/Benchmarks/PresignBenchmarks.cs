using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Oss.Protocol;

namespace Benchmarks;

/// <summary>A presigned PUT with its callback in headers, beside the hash and the HMAC that it cannot do without.</summary>
[MemoryDiagnoser]
public class PresignBenchmarks
{
    private static readonly DateTimeOffset Time = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly OssEndpoint Endpoint = OssEndpoint.Parse("oss-cn-hangzhou.aliyuncs.com");

    private readonly V4Signer _signer = new(new AccessKey("LTAIfakeAccessKeyId00001", "FakeSecretForTests0000000000001"), "cn-hangzhou");
    private readonly CallbackParameter _callback = new()
    {
        Urls = ["https://upload.example.com/api/oss/callback?v=1"],
        Body = "{\"bucket\":${bucket},\"object\":${object},\"etag\":${etag},\"size\":${size},\"mimeType\":${mimeType},\"crc64\":${crc64},\"reqId\":${reqId},"
            + "\"operation\":${operation},\"grant\":${x:grant},\"profile\":${x:profile}}",
        BodyType = CallbackBodyType.Json,
        Sni = true,
        Variables = new Dictionary<string, string> { ["x:grant"] = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80=.1735790645", ["x:profile"] = "avatars" },
    };

    private string _callbackText = "";
    private string _variablesText = "";
    private byte[] _canonicalRequest = [];
    private byte[] _stringToSign = [];

    [GlobalSetup]
    public void Prepare()
    {
        _callbackText = _callback.ToBase64();
        _variablesText = _callback.VariablesToBase64()!;

        // The very bytes that the presigned URL's signature covers.
        var url = Presign().Url;
        var query = OssEncoding.ParseQuery(url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..]).Where(pair => pair.Key != CanonicalQuery.SignatureParameter).ToArray();
        var request = Request();
        CanonicalQuery.Sort(query);
        var buffer = new Utf8Buffer(stackalloc byte[2048]);
        V4CanonicalRequest.Write(ref buffer, request, query, new SignedHeaders(request.Headers, request.Headers.Count, request.AdditionalHeaders));
        _canonicalRequest = buffer.Written.ToArray();
        buffer.Dispose();
        _stringToSign = Encoding.UTF8.GetBytes(V4Signer.StringToSign(V4Timestamp.ToText(Time), _signer.Day(Time).Scope, _canonicalRequest));
        if (!url.EndsWith(Convert.ToHexStringLower(HMACSHA256.HashData(_signer.Day(Time).Key, _stringToSign)), StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The bare operation does not compute the signature of the URL.");
        }
    }

    [Benchmark(Baseline = true)]
    public byte[] HashAndHmac()
    {
        SHA256.HashData(_canonicalRequest);
        return HMACSHA256.HashData(_signer.Day(Time).Key, _stringToSign);
    }

    [Benchmark]
    public PresignedUrl Presign() => _signer.Presign(Request(), Endpoint, Time, TimeSpan.FromMinutes(15));

    private OssRequest Request()
    {
        var request = new OssRequest("PUT", "examplebucket", "user/7f3a/2025/01/封面 1.png");
        request.Headers["Content-Type"] = "image/png";
        request.Headers["x-oss-callback"] = _callbackText;
        request.Headers["x-oss-callback-var"] = _variablesText;
        return request;
    }
}
