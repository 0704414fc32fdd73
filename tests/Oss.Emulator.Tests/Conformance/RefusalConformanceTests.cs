using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>What is wrong before an operation begins. That every refusal is well-formed XML with its request's id is asserted where replies are read.</summary>
public sealed class RefusalConformanceTests
{
    private static async Task<ConformanceReply> SignedAsync(ConformanceRun oss, V4Signer signer, DateTimeOffset time, Action<OssRequest>? afterwards = null)
    {
        var request = oss.Request("PUT", "a", ("Content-Type", "text/plain"));
        signer.Sign(request, time);
        afterwards?.Invoke(request);
        var reply = await oss.SendAsIsAsync(request, new ByteArrayContent([1]));
        await oss.AssertMissingAsync("a");
        return reply;
    }

    [Theory, OnEachTarget]
    public async Task Shows_what_it_would_have_signed(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await SignedAsync(oss, oss.Signer, Now, request => request.Headers["x-oss-meta-a"] = "1");

        Refused(403, "SignatureDoesNotMatch", "0002-00000040", reply);
        var canonical = reply.Detail("CanonicalRequest")!;
        var lines = reply.Detail("StringToSign")!.Split('\n');
        Assert.StartsWith($"PUT\n/{oss.Bucket}/{OssEncoding.EncodePath(oss.Key("a"))}\n\ncontent-type:text/plain\n", canonical, StringComparison.Ordinal);
        Assert.Contains("\nx-oss-meta-a:1\n", canonical, StringComparison.Ordinal);
        Assert.EndsWith("\nUNSIGNED-PAYLOAD", canonical, StringComparison.Ordinal);
        Assert.Equal(
            ["OSS4-HMAC-SHA256", lines[1][..8] + $"/{oss.Region}/oss/aliyun_v4_request", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))],
            [lines[0], lines[2], lines[3]]);
        Assert.Equal(oss.AccessKey.Id, reply.Detail("OSSAccessKeyId"));
        Assert.Matches("^[0-9a-f]{64}$", reply.Detail("SignatureProvided"));
        Assert.False(string.IsNullOrEmpty(reply.Detail("StringToSignBytes")));
    }

    [Theory]
    [OnEachTarget("Mozilla/5.0", 200)]
    [OnEachTarget("another", 403)]
    public async Task Signs_further_headers_too(string target, string sent, int status)
    {
        await using var oss = await StartAsync(target);
        var request = new OssRequest("PUT", oss.Bucket, oss.Key("a")) { Headers = { ["User-Agent"] = "Mozilla/5.0", ["Cache-Control"] = "no-store" }, AdditionalHeaders = ["user-agent", "cache-control"] };
        oss.Signer.Sign(request, Now);
        Assert.Contains(",AdditionalHeaders=cache-control;user-agent,", request.Headers["Authorization"], StringComparison.Ordinal);
        request.Headers["User-Agent"] = sent;

        Assert.Equal(status, (await oss.SendAsIsAsync(request, new ByteArrayContent([1]))).Status);
    }

    [Theory, OnEachTarget]
    public async Task Reads_the_Authorization_header_also_with_blanks(string target)
    {
        await using var oss = await StartAsync(target);
        var request = oss.Request("PUT", "a");
        oss.Signer.Sign(request, Now);
        request.Headers["Authorization"] = request.Headers["Authorization"].Replace(",", ", ", StringComparison.Ordinal);

        Assert.Equal(200, (await oss.SendAsIsAsync(request, new ByteArrayContent([1]))).Status);
    }

    [Theory, OnEachTarget]
    public async Task Refuses_another_secret(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await SignedAsync(oss, new(oss.AccessKey with { Secret = oss.AccessKey.Secret + "x" }, oss.Region), Now);

        Refused(403, "SignatureDoesNotMatch", "0002-00000040", reply);
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_key_that_nobody_has(string target)
    {
        await using var oss = await StartAsync(target);

        Refused(403, "InvalidAccessKeyId", null, await SignedAsync(oss, new(new AccessKey("LTAIconformanceNobody0001", "secret"), oss.Region), Now));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_another_regions_signature(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await SignedAsync(oss, new(oss.AccessKey, oss.Region == "cn-shanghai" ? "cn-beijing" : "cn-shanghai"), Now);

        Assert.Equal("0002-00000228", reply["x-oss-ec"]);
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_malformed_credential(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await SignedAsync(
            oss, oss.Signer, Now, request => request.Headers["Authorization"] = request.Headers["Authorization"].Replace("/aliyun_v4_request", "", StringComparison.Ordinal));

        Refused(400, "InvalidArgument", "0002-00000213", reply);
    }

    [Theory]
    [OnEachTarget(-20)]
    [OnEachTarget(20)]
    public async Task Refuses_a_clock_that_is_far_off(string target, int minutes)
    {
        await using var oss = await StartAsync(target);

        var reply = Refused(403, "RequestTimeTooSkewed", null, await SignedAsync(oss, oss.Signer, Now.AddMinutes(minutes)));

        Assert.Equal("900000", reply.Detail("MaxAllowedSkewMilliseconds"));
        Assert.All((string[])["RequestTime", "ServerTime"], name => Assert.False(string.IsNullOrEmpty(reply.Detail(name))));
    }

    [Theory]
    [OnEachTarget("PUT")]
    [OnEachTarget("GET")]
    [OnEachTarget("DELETE")]
    public async Task Refuses_who_has_no_key(string target, string method)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);

        Refused(403, "AccessDenied", null, await oss.SendAsIsAsync(oss.Request(method, "a"), method == "PUT" ? new ByteArrayContent([2]) : null));

        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory]
    [OnEachTarget("/leading")]
    [OnEachTarget("\\leading")]
    public async Task Refuses_names_that_are_none(string target, string key)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(400, "InvalidObjectName", "0016-00000005", new OssRequest("PUT", oss.Bucket, key), [1]);
    }

    [Theory]
    [OnEachTarget(1023, true)]
    [OnEachTarget(1024, false)]
    public async Task Names_have_1023_bytes_at_most(string target, int length, bool isTaken)
    {
        await using var oss = await StartAsync(target);
        var request = new OssRequest("PUT", oss.Bucket, oss.Prefix + new string('x', length - oss.Prefix.Length));

        if (isTaken)
        {
            await oss.SendAsync(200, request, [1]);
        }
        else
        {
            await oss.RefusedAsync(400, "InvalidObjectName", "0016-00000002", request, [1]);
        }
    }

    [Theory]
    [OnEachTarget("GET")]
    [OnEachTarget("HEAD")]
    public async Task Says_that_there_is_no_such_bucket(string target, string method)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(404, "NoSuchBucket", null, new OssRequest(method, $"conformance-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", "a"));
    }
}
