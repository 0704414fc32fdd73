using Oss.Protocol;

namespace Oss.Emulator.Tests.Http;

public sealed class RecordingTests
{
    [Fact]
    public async Task Requests_are_recorded_in_order_with_what_came_of_them()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(TestOss.BucketName, "k");
        await oss.Client.UploadPartAsync(TestOss.BucketName, "k", upload, 3, UploadBody.From(new byte[5000]));
        await Assert.ThrowsAsync<OssException>(() => oss.Client.UploadPartAsync(TestOss.BucketName, "k", "nonsense", 4, UploadBody.From(new byte[10])));

        var requests = oss.Emulator.Requests;

        Assert.Equal(
            new[]
            {
                new RecordedRequest("InitiateMultipartUpload", TestOss.BucketName, "k", null, null, 200, null, 0, oss.Clock.GetUtcNow()),
                new RecordedRequest("UploadPart", TestOss.BucketName, "k", upload, 3, 200, null, 5000, oss.Clock.GetUtcNow()),
                new RecordedRequest("UploadPart", TestOss.BucketName, "k", "nonsense", 4, 404, "NoSuchUpload", 0, oss.Clock.GetUtcNow()),
            }.Select(request => request with { Signature = SignatureScheme.V4Header, AccessKeyId = TestOss.Key.Id }),
            requests.Select(request => request with { RequestId = "" }));
        Assert.Equal(3, requests.Select(request => request.RequestId).Distinct().Count());
    }
}
