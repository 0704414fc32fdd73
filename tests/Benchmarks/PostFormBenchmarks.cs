using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Oss.Protocol;

namespace Benchmarks;

/// <summary>A form's policy, made and signed, beside the one HMAC over its base64 text.</summary>
[MemoryDiagnoser]
public class PostFormBenchmarks
{
    private static readonly DateTimeOffset Time = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly OssEndpoint Endpoint = OssEndpoint.Parse("oss-cn-hangzhou.aliyuncs.com");

    private readonly V4Signer _signer = new(new AccessKey("LTAIfakeAccessKeyId00001", "FakeSecretForTests0000000000001"), "cn-hangzhou");
    private readonly KeyValuePair<string, string>[] _fields =
    [
        new("key", "user/7f3a/2025/01/${filename}"),
        new("content-type", "image/png"),
        new("success_action_status", "200"),
        new("x-oss-forbid-overwrite", "true"),
        new("callback", "eyJjYWxsYmFja1VybCI6Imh0dHBzOi8vdXBsb2FkLmV4YW1wbGUuY29tL2FwaS9vc3MvY2FsbGJhY2s/dj0xIiwiY2FsbGJhY2tCb2R5Ijoie1wiYnVja2V0XCI6JHtidWNrZXR9LFwib2JqZWN0XCI6JHtvYmplY3R9LFwiZXRhZ1wiOiR7ZXRhZ30sXCJzaXplXCI6JHtzaXplfX0iLCJjYWxsYmFja0JvZHlUeXBlIjoiYXBwbGljYXRpb24vanNvbiIsImNhbGxiYWNrU05JIjp0cnVlfQ=="),
        new("x:grant", "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80=.1735790645"),
        new("x:profile", "avatars"),
    ];

    private byte[] _policyBase64 = [];

    [GlobalSetup]
    public void Prepare()
    {
        var form = SignForm();
        _policyBase64 = Encoding.ASCII.GetBytes(form.Fields.Single(field => field.Key == "policy").Value);
        if (form.Fields.Single(field => field.Key == "x-oss-signature").Value != Convert.ToHexStringLower(Hmac()) || MakeAndSignPolicy() != Convert.ToHexStringLower(Hmac()))
        {
            throw new InvalidOperationException("The bare operation does not compute the signature of the form.");
        }
    }

    [Benchmark(Baseline = true)]
    public byte[] Hmac() => HMACSHA256.HashData(_signer.Day(Time).Key, _policyBase64);

    [Benchmark]
    public string MakeAndSignPolicy()
    {
        var policy = new PostPolicy(Time.AddMinutes(15)).Equal("bucket", "examplebucket");
        foreach (var (name, value) in _fields)
        {
            policy.Equal(name, value);
        }

        policy.Equal("x-oss-signature-version", V4Signer.Algorithm).Equal("x-oss-credential", _signer.Credential(Time)).Equal("x-oss-date", V4Timestamp.ToText(Time));
        return _signer.SignPolicy(policy.ContentLengthRange(1, 10 * 1024 * 1024).ToBase64(), Time);
    }

    [Benchmark]
    public PostForm SignForm() => PostForm.Sign(_signer, Endpoint, "examplebucket", _fields, 1, 10 * 1024 * 1024, Time, TimeSpan.FromMinutes(15));
}
