using Oss.Protocol;
using static Oss.Emulator.Tests.TestOss;

namespace Oss.Emulator.Tests.Clients;

/// <summary>Copies and listings by this repository's own client.</summary>
public sealed class OssClientTests : IAsyncLifetime
{
    private static readonly string[] Keys = ["", "a/../b", "a//b", "图片/封面 1+2%.png", "😀/🎉", "%2F", "tab\t\u0001", "a?b#c&d=e", "~"];

    private TestOss _oss = null!;

    public async ValueTask InitializeAsync() => _oss = await StartAsync();

    public ValueTask DisposeAsync() => _oss.DisposeAsync();

    [Fact]
    public async Task Copies_objects_of_any_key()
    {
        foreach (var key in Keys.Select(key => "from/" + key))
        {
            var content = Bytes(300);
            await PutAsync("other-bucket", key, content);
            var copied = await _oss.Client.CopyObjectAsync(BucketName, "copy", new CopySource("other-bucket", key));
            Assert.Equal(Crc64.Compute(content), copied.Crc64);
            Assert.Equal(content, await GetAsync("copy"));
        }
    }

    [Fact]
    public async Task Keeps_or_replaces_properties_of_what_it_copies()
    {
        await _oss.Client.PutObjectAsync(BucketName, "a", UploadBody.From(new byte[5]), new ObjectProperties
        {
            ContentType = "text/plain", Metadata = new Dictionary<string, string> { ["m"] = "1" }, Tags = new Dictionary<string, string> { ["k"] = "a b+" },
        });
        await _oss.Client.CopyObjectAsync(BucketName, "kept", new CopySource(BucketName, "a"));
        await _oss.Client.CopyObjectAsync(BucketName, "replaced", new CopySource(BucketName, "a"), new ObjectProperties { ContentType = "text/csv", StorageClass = "IA" });
        var (kept, replaced) = (await _oss.Client.HeadObjectAsync(BucketName, "kept"), await _oss.Client.HeadObjectAsync(BucketName, "replaced"));
        Assert.Equal(("text/plain", "1", "Standard"), (kept!.ContentType, kept.Metadata["m"], kept.StorageClass));
        Assert.Equal(("text/csv", 0, "IA"), (replaced!.ContentType, replaced.Metadata.Count, replaced.StorageClass));
    }

    [Fact]
    public async Task Makes_an_object_of_ranges_of_another()
    {
        var content = Bytes(250_000);
        await PutAsync("other-bucket", "图/a+b", content);
        var source = new CopySource("other-bucket", "图/a+b", (await _oss.Client.HeadObjectAsync("other-bucket", "图/a+b"))!.ETag);
        var id = await _oss.Client.InitiateMultipartUploadAsync(BucketName, "whole");
        UploadedPart[] parts =
        [
            await _oss.Client.UploadPartCopyAsync(BucketName, "whole", id, 1, source, (0, 110_000)),
            await _oss.Client.UploadPartCopyAsync(BucketName, "whole", id, 2, source, (110_000, 140_000)),
        ];
        Assert.Equal(Crc64.Compute(content.AsSpan(110_000)), parts[1].Crc64);
        await _oss.Client.CompleteMultipartUploadAsync(BucketName, "whole", id, parts);
        Assert.Equal(content, await GetAsync("whole"));
    }

    [Fact]
    public async Task Copies_an_empty_object_into_a_part()
    {
        await PutAsync(BucketName, "empty", []);
        var id = await _oss.Client.InitiateMultipartUploadAsync(BucketName, "copy");
        var part = await _oss.Client.UploadPartCopyAsync(BucketName, "copy", id, 1, new CopySource(BucketName, "empty"), (0, 0));
        await _oss.Client.CompleteMultipartUploadAsync(BucketName, "copy", id, [part]);
        Assert.Empty(await GetAsync("copy"));
    }

    [Fact]
    public async Task Copies_nothing_of_a_source_that_was_changed()
    {
        await PutAsync(BucketName, "a", Bytes(1000));
        var source = new CopySource(BucketName, "a", (await _oss.Client.HeadObjectAsync(BucketName, "a"))!.ETag);
        await PutAsync(BucketName, "a", new byte[1000]);
        var id = await _oss.Client.InitiateMultipartUploadAsync(BucketName, "b");
        Assert.True((await Assert.ThrowsAsync<OssException>(() => _oss.Client.CopyObjectAsync(BucketName, "b", source))).Is(OssErrorCode.PreconditionFailed));
        Assert.True((await Assert.ThrowsAsync<OssException>(() => _oss.Client.UploadPartCopyAsync(BucketName, "b", id, 1, source, (0, 10)))).Is(OssErrorCode.PreconditionFailed));
    }

    [Fact]
    public async Task Lists_objects_page_after_page_and_from_any_key_on()
    {
        var keys = Keys.Select(key => "list/" + key).OrderBy(key => key, Comparer<string>.Create(static (a, b) =>
            System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)))).ToArray();
        await PutAsync(BucketName, "before", []);
        await PutAsync(BucketName, "more", []);
        foreach (var key in keys)
        {
            await PutAsync(BucketName, key, [1, 2]);
        }

        foreach (var pageSize in (int[])[1, 2, 1000])
        {
            Assert.Equal(keys, (await _oss.Client.ListObjectsV2Async(BucketName, "list/", pageSize: pageSize).ToListAsync()).Select(listed => listed.Key));
        }

        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            Assert.Equal(keys[(i + 1)..], (await _oss.Client.ListObjectsV2Async(BucketName, "list/", key, 2).ToListAsync()).Select(listed => listed.Key));
        }

        var head = await _oss.Client.HeadObjectAsync(BucketName, keys[0]);
        var first = (await _oss.Client.ListObjectsV2Async(BucketName, "list/").ToListAsync())[0];
        Assert.Equal((head!.ETag, head.Size), (first.ETag, first.Size));
    }

    [Fact]
    public async Task Lists_open_uploads_page_after_page()
    {
        var begun = new HashSet<(string, string)>();
        foreach (var key in Keys.Where(key => key.Length > 0).SelectMany(key => new[] { "u/" + key, "u/" + key, "v/" + key }))
        {
            var id = await _oss.Client.InitiateMultipartUploadAsync(BucketName, key);
            if (key.StartsWith('u'))
            {
                begun.Add((key, id));
            }
        }

        foreach (var pageSize in (int[])[1, 3, 1000])
        {
            var listed = await _oss.Client.ListMultipartUploadsAsync(BucketName, "u/", pageSize).ToListAsync();
            Assert.Equal(begun.Count, listed.Count);
            Assert.Equal(begun, listed.Select(upload => (upload.Key, upload.UploadId)).ToHashSet());
        }
    }

    [Fact]
    public async Task Holds_an_upload_to_a_traffic_limit_that_OSS_takes_and_to_no_other()
    {
        await _oss.Client.PutObjectAsync(BucketName, "a", UploadBody.From(new byte[5]), null, null, 838_860_800);
        var refused = await Assert.ThrowsAsync<OssException>(() => _oss.Client.PutObjectAsync(BucketName, "a", UploadBody.From(new byte[5]), null, null, 819_199));
        Assert.Equal("InvalidArgument", refused.Error.Code);
    }

    private Task<StoredObject> PutAsync(string bucket, string key, byte[] content) => _oss.Client.PutObjectAsync(bucket, key, UploadBody.From(content));

    private async Task<byte[]> GetAsync(string key)
    {
        using var download = await _oss.Client.GetObjectAsync(BucketName, key);
        using var content = new MemoryStream();
        await download.Content.CopyToAsync(content);
        return content.ToArray();
    }
}
