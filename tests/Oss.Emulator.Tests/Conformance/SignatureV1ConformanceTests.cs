using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>The old signature. New accounts and buckets do not take it any more, and say so.</summary>
public sealed class SignatureV1ConformanceTests
{
    private static Task<ConformanceReply> SendAsync(ConformanceRun oss, OssRequest request, string secret, byte[]? body = null)
    {
        request.Headers["Date"] = Now.ToString("R");
        if (oss.AccessKey.IsTemporary)
        {
            request.Headers["x-oss-security-token"] = oss.AccessKey.SecurityToken!;
        }

        request.Headers["Authorization"] = $"{V1Signature.Scheme} {oss.AccessKey.Id}:{V1Signature.Sign(secret, V1Signature.StringToSign(request))}";
        return oss.SendAsIsAsync(request, body is null ? null : new ByteArrayContent(body));
    }

    [Theory, OnEachTarget]
    public async Task Is_taken_or_refused_as_retired(string target)
    {
        await using var oss = await StartAsync(target);
        const string Name = "a/../1+1=2 100% 中文";

        var put = await SendAsync(oss, oss.Request("PUT", Name, ("Content-Type", "text/plain"), ("x-oss-meta-a", "1"), ("x-oss-forbid-overwrite", "true")), oss.AccessKey.Secret, [1]);
        var get = await SendAsync(oss, oss.Request("GET", Name).With("response-content-type", "text/csv"), oss.AccessKey.Secret);

        if (put.Status == 200)
        {
            Assert.Equal((200, "text/csv", "1"), (get.Status, get["Content-Type"], get["x-oss-meta-a"]));
            Assert.Equal([1], await oss.GetAsync(Name));
        }
        else
        {
            Assert.Equal((403, "0002-00000080"), (put.Status, put["x-oss-ec"]));
            Assert.Equal((403, "0002-00000080"), (get.Status, get["x-oss-ec"]));
            await oss.AssertMissingAsync(Name);
        }
    }

    [Theory, OnEachTarget]
    public async Task Is_refused_with_another_secret(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await SendAsync(oss, oss.Request("PUT", "a"), oss.AccessKey.Secret + "x", [1]);

        Assert.Equal(403, reply.Status);
        Assert.Contains(reply["x-oss-ec"], (string?[])["0002-00000040", "0002-00000080"]);
        await oss.AssertMissingAsync("a");
    }
}
