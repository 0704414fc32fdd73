using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Conformance.MultipartUpload;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class MultipartListingConformanceTests
{
    private static async Task<ListMultipartUploadsResult> UploadsAsync(ConformanceRun oss, string query = "", string below = "") =>
        ListMultipartUploadsResult.Parse((await oss.ListAsync("uploads&" + query, below)).Text);

    [Theory, OnEachTarget]
    public async Task An_empty_value_is_none(string target)
    {
        await using var oss = await StartAsync(target);
        var request = oss.Request("POST", "m").With("uploads", null);
        oss.Signer.Sign(request, Now);

        var reply = await oss.SendAsync("POST", oss.Endpoint.ObjectUrl(oss.Bucket, oss.Key("m")) + "?uploads=", request.Headers);

        Assert.Equal((200, oss.Key("m")), (reply.Status, InitiateMultipartUploadResult.Parse(reply.Text).Key));
    }

    [Theory, OnEachTarget]
    public async Task Encodes_the_key_of_an_upload_when_told_to(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await oss.SendAsync(200, oss.Request("POST", "中 +").With("uploads", null).With("encoding-type", "url"));

        Assert.Equal(("url", oss.Key("中 +")), (reply.Xml.Text("EncodingType"), OssEncoding.Decode(reply.Xml.Text("Key")!)));
        Assert.DoesNotContain("中", reply.Text, StringComparison.Ordinal);
    }

    [Theory, OnEachTarget]
    public async Task Lists_parts_in_pages(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m & 中");
        foreach (var number in (int[])[7, 2, 10_000, 5])
        {
            await upload.UploadAsync(number, TestOss.Bytes(number % 100, number));
        }

        async Task<ListPartsResult> PageAsync(int marker) =>
            ListPartsResult.Parse((await oss.SendAsync(200, upload.Parts.With("max-parts", "2").With("part-number-marker", $"{marker}").With("encoding-type", "url"))).Text);
        var first = await PageAsync(0);
        var second = await PageAsync(first.NextPartNumberMarker);

        Assert.Equal((oss.Bucket, oss.Key("m & 中"), upload.Id, 2), (first.Bucket, first.Key, first.UploadId, first.MaxParts));
        Assert.Equal((true, 5, 0), (first.IsTruncated, first.NextPartNumberMarker, first.PartNumberMarker));
        Assert.Equal((false, 5), (second.IsTruncated, second.PartNumberMarker));
        Assert.Equal([2, 5, 7, 10_000], first.Parts.Concat(second.Parts).Select(part => part.Part.Number));
        var part = first.Parts[1].Part;
        Assert.Equal((5L, ETag(TestOss.Bytes(5, 5)), Crc(TestOss.Bytes(5, 5))), (part.Size, part.ETag, part.Crc64 is { } crc ? Crc64.ToText(crc) : null));
    }

    [Theory, OnEachTarget]
    public async Task Lists_the_uploads_of_a_prefix_until_they_end(string target)
    {
        await using var oss = await StartAsync(target);
        var aborted = await InitiateAsync(oss, "a/1");
        var completed = await InitiateAsync(oss, "a/2");
        var open = await InitiateAsync(oss, "a/3");
        await InitiateAsync(oss, "b");
        var part = await completed.UploadAsync(1, [1]);

        var before = await UploadsAsync(oss, "", "a/");
        await oss.SendAsync(204, aborted.Abort);
        await completed.CompleteAsync(part);
        var after = await UploadsAsync(oss, "", "a/");

        Assert.Equal([(oss.Key("a/1"), aborted.Id), (oss.Key("a/2"), completed.Id), (oss.Key("a/3"), open.Id)], before.Uploads.Select(upload => (upload.Key, upload.UploadId)));
        Assert.Equal([(oss.Key("a/3"), open.Id)], after.Uploads.Select(upload => (upload.Key, upload.UploadId)));
        Assert.Equal((oss.Bucket, oss.Key("a/"), false), (after.Bucket, after.Prefix, after.IsTruncated));
        Assert.InRange(after.Uploads[0].Initiated, Now.AddMinutes(-15), Now.AddMinutes(15));
    }

    [Theory, OnEachTarget]
    public async Task Pages_of_uploads_follow_each_other(string target)
    {
        await using var oss = await StartAsync(target);
        var expected = new List<(string, string)>();
        foreach (var name in (string[])["a", "b", "b", "c"])
        {
            expected.Add((oss.Key(name), (await InitiateAsync(oss, name)).Id));
        }

        var seen = new List<(string, string)>();
        for (ListMultipartUploadsResult? page = null; page is null || page.IsTruncated;)
        {
            page = await UploadsAsync(
                oss, "max-uploads=1" + (page is null ? "" : $"&key-marker={OssEncoding.Encode(page.NextKeyMarker)}&upload-id-marker={OssEncoding.Encode(page.NextUploadIdMarker)}"));
            seen.Add(Assert.Single(page.Uploads.Select(upload => (upload.Key, upload.UploadId))));
            Assert.InRange(seen.Count, 1, 4);
        }

        Assert.Equal(expected.Order(), seen.Order());
        Assert.Equal(expected.Select(upload => upload.Item1), seen.Select(upload => upload.Item1));
    }

    [Theory, OnEachTarget]
    public async Task Groups_uploads_by_delimiter_and_encodes_when_told_to(string target)
    {
        await using var oss = await StartAsync(target);
        await InitiateAsync(oss, "d +/1");
        await InitiateAsync(oss, "d +/2");
        await InitiateAsync(oss, "中");

        var reply = await oss.ListAsync("uploads&delimiter=/&encoding-type=url");

        Assert.Equal("url", reply.Xml.Text("EncodingType"));
        Assert.DoesNotContain("中", reply.Text, StringComparison.Ordinal);
        Assert.Equal([oss.Key("d +/")], ListMultipartUploadsResult.Parse(reply.Text).CommonPrefixes);
        Assert.Equal([oss.Key("中")], ListMultipartUploadsResult.Parse(reply.Text).Uploads.Select(upload => upload.Key));
    }
}
