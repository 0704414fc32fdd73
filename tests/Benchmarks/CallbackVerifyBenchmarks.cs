using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Oss.Protocol;

namespace Benchmarks;

/// <summary>The check of a genuine callback with OSS's own 512-bit key (the example of OSS's documentation), beside the check by RSA alone.</summary>
[MemoryDiagnoser]
public class CallbackVerifyBenchmarks : IDisposable
{
    private const string Key = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGsC0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==";
    private const string Target = "/index.php?id=1&index=2";
    private const string Authorization = "kKQeGTRccDKyHB3H9vF+xYMSrmhMZjzzl2/kdD1ktNVgbWEfYTQG0G2SU/RaHBovRCE8OkQDjC3uG33esH2txA==";

    private readonly byte[] _body = "bucket=yonghu-test"u8.ToArray();
    private readonly byte[] _signature = Convert.FromBase64String(Authorization);
    private readonly byte[] _signedData = Encoding.UTF8.GetBytes(Target + "\nbucket=yonghu-test");
    private readonly CallbackPublicKey _publicKey = CallbackPublicKey.Parse(Key);
    private readonly RSA _rsa = RSA.Create();

    [GlobalSetup]
    public void Prepare()
    {
        _rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(Key), out _);
        if (!VerifyData() || !VerifyCallback())
        {
            throw new InvalidOperationException("The genuine callback does not verify.");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _publicKey.Dispose();
        _rsa.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool VerifyData() => _rsa.VerifyData(_signedData, _signature, HashAlgorithmName.MD5, RSASignaturePadding.Pkcs1);

    [Benchmark]
    public bool VerifyCallback() => _publicKey.Verify(Target, _body, Authorization);
}
