using System.Globalization;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>An open multipart upload, and the requests that belong to it.</summary>
internal sealed class MultipartUpload(ConformanceRun oss, string name, string id)
{
    /// <summary>The smallest size that a part but the last may have.</summary>
    public const int Small = (int)OssLimits.MinPartSize;

    public string Id { get; } = id;

    public static async Task<MultipartUpload> InitiateAsync(ConformanceRun oss, string name, params (string Name, string Value)[] headers)
    {
        var result = InitiateMultipartUploadResult.Parse((await oss.SendAsync(200, oss.Request("POST", name, headers).With("uploads", null))).Text);
        Assert.Equal((oss.Bucket, oss.Key(name)), (result.Bucket, result.Key));
        Assert.NotEmpty(result.UploadId);
        return new(oss, name, result.UploadId);
    }

    public OssRequest Part(int number, params (string Name, string Value)[] headers) =>
        oss.Request("PUT", name, headers).With("partNumber", number.ToString(CultureInfo.InvariantCulture)).With("uploadId", Id);

    public OssRequest Parts => oss.Request("GET", name).With("uploadId", Id);

    public OssRequest Abort => oss.Request("DELETE", name).With("uploadId", Id);

    public OssRequest Complete(params (string Name, string Value)[] headers) => oss.Request("POST", name, headers).With("uploadId", Id);

    /// <summary>Uploads a part; what completing the upload wants to know of it.</summary>
    public async Task<(int Number, string ETag)> UploadAsync(int number, byte[] content)
    {
        var reply = await oss.SendAsync(200, Part(number), content);
        Assert.Equal(ConformanceRun.ETag(content), reply["ETag"]);
        return (number, reply["ETag"]!);
    }

    public static byte[] List(params (int Number, string ETag)[] parts) => ConformanceRun.Utf8(new CompleteMultipartUpload(parts).ToXml());

    public Task<ConformanceReply> CompleteAsync(params (int Number, string ETag)[] parts) => oss.SendAsync(200, Complete(), List(parts));
}
