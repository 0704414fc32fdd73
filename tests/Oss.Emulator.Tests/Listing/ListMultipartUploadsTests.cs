using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Listing;

public sealed class ListMultipartUploadsTests
{
    private const string Bucket = TestOss.BucketName;

    private static async Task<string[]> InitiateAsync(TestOss oss, params string[] keys)
    {
        var ids = new List<string>();
        foreach (var key in keys)
        {
            ids.Add(await oss.Client.InitiateMultipartUploadAsync(Bucket, key));
        }

        return [.. ids];
    }

    private static async Task<ListMultipartUploadsResult> ListAsync(TestOss oss, string query = "") =>
        ListMultipartUploadsResult.Parse(await oss.TextAsync("GET", Bucket, "uploads&" + query));

    [Fact]
    public async Task Says_all_of_an_upload_that_clients_read()
    {
        await using var oss = await TestOss.StartAsync();
        var id = (await InitiateAsync(oss, "m")).Single();

        Assert.Equal(
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult>
              <Bucket>examplebucket</Bucket>
              <KeyMarker></KeyMarker>
              <UploadIdMarker></UploadIdMarker>
              <NextKeyMarker></NextKeyMarker>
              <NextUploadIdMarker></NextUploadIdMarker>
              <Delimiter></Delimiter>
              <Prefix></Prefix>
              <MaxUploads>1000</MaxUploads>
              <IsTruncated>false</IsTruncated>
              <Upload>
                <Key>m</Key>
                <UploadId>{id}</UploadId>
                <StorageClass>Standard</StorageClass>
                <Initiated>2025-06-01T12:00:00.000Z</Initiated>
              </Upload>
            </ListMultipartUploadsResult>
            """,
            await oss.TextAsync("GET", Bucket, "uploads"));
    }

    [Fact]
    public async Task Uploads_come_by_key_and_then_by_id_until_they_end()
    {
        await using var oss = await TestOss.StartAsync();
        var ids = await InitiateAsync(oss, "b", "a", "b", "b", "\uFF21", "😀");
        string[] ofB = [.. new[] { ids[0], ids[2], ids[3] }.Order(StringComparer.Ordinal)];

        var before = await ListAsync(oss);
        await oss.Client.AbortMultipartUploadAsync(Bucket, "b", ofB[1]);
        var after = await ListAsync(oss, "prefix=b");

        Assert.Equal([("a", ids[1]), ("b", ofB[0]), ("b", ofB[1]), ("b", ofB[2]), ("\uFF21", ids[4]), ("😀", ids[5])], before.Uploads.Select(upload => (upload.Key, upload.UploadId)));
        Assert.Equal([ofB[0], ofB[2]], after.Uploads.Select(upload => upload.UploadId));
    }

    [Fact]
    public async Task Pages_follow_each_other_through_the_uploads_of_one_key()
    {
        await using var oss = await TestOss.StartAsync();
        var ids = await InitiateAsync(oss, "a", "b", "b", "b", "c");
        string[] expected = [ids[0], .. ids[1..4].Order(StringComparer.Ordinal), ids[4]];

        var seen = new List<string>();
        for (ListMultipartUploadsResult? page = null; page is null || page.IsTruncated;)
        {
            var markers = page is null ? "" : $"&key-marker={page.NextKeyMarker}&upload-id-marker={page.NextUploadIdMarker}";
            page = await ListAsync(oss, "max-uploads=2" + markers);
            seen.AddRange(page.Uploads.Select(upload => upload.UploadId));
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Markers_mean_what_OSS_says()
    {
        await using var oss = await TestOss.StartAsync();
        var ids = await InitiateAsync(oss, "a", "b", "b", "c");
        string[] ofB = [.. ids[1..3].Order(StringComparer.Ordinal)];
        async Task<string[]> IdsAsync(string query) => [.. (await ListAsync(oss, query)).Uploads.Select(upload => upload.UploadId)];

        Assert.Equal([ids[3]], await IdsAsync("key-marker=b"));
        Assert.Equal([ofB[1], ids[3]], await IdsAsync("key-marker=b&upload-id-marker=" + ofB[0]));
        Assert.Equal([ids[0], ofB[0], ofB[1], ids[3]], await IdsAsync("upload-id-marker=" + ofB[1]));
        Assert.Equal([ofB[0], ofB[1], ids[3]], await IdsAsync("key-marker=aa&upload-id-marker=ZZZ"));
    }

    [Fact]
    public async Task Common_prefixes_count_and_are_gone_on_behind()
    {
        await using var oss = await TestOss.StartAsync();
        var ids = await InitiateAsync(oss, "a/1", "a/2", "b", "c/1");

        var first = await ListAsync(oss, "delimiter=/&max-uploads=1");
        var second = await ListAsync(oss, $"delimiter=/&max-uploads=1&key-marker={first.NextKeyMarker}&upload-id-marker={first.NextUploadIdMarker}");
        var third = await ListAsync(oss, $"delimiter=/&max-uploads=1&key-marker={second.NextKeyMarker}&upload-id-marker={second.NextUploadIdMarker}");

        Assert.Equal((true, "a/", "", "a/"), (first.IsTruncated, first.NextKeyMarker, first.NextUploadIdMarker, first.CommonPrefixes.Single()));
        Assert.Equal((true, "b", ids[2], "b"), (second.IsTruncated, second.NextKeyMarker, second.NextUploadIdMarker, second.Uploads.Single().Key));
        Assert.Equal((false, "c/"), (third.IsTruncated, third.CommonPrefixes.Single()));
        Assert.Equal(["a/1", "a/2"], (await ListAsync(oss, "delimiter=/&prefix=a/")).Uploads.Select(upload => upload.Key));
    }

    [Fact]
    public async Task Encodes_what_it_is_asked_to_encode()
    {
        await using var oss = await TestOss.StartAsync();
        await InitiateAsync(oss, "文 +");

        var page = await oss.XmlAsync("GET", Bucket, "uploads&encoding-type=url&key-marker=%2B&prefix=%E6%96%87&delimiter=/");

        Assert.Equal(
            ["url", "%2B", "%E6%96%87", "%2F", "%E6%96%87%20%2B"],
            [page.Text("EncodingType"), page.Text("KeyMarker"), page.Text("Prefix"), page.Text("Delimiter"), page.Element("Upload")!.Text("Key")]);
    }

    [Theory]
    [InlineData("max-uploads=0", null)]
    [InlineData("max-uploads=1001", null)]
    [InlineData("max-uploads=x", null)]
    [InlineData("encoding-type=gzip", null)]
    [InlineData("delimiter=//", "0015-00000406")]
    public async Task Refuses_parameters_that_cannot_be(string query, string? ec)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, "InvalidArgument", ec), await oss.RefusalAsync("GET", Bucket, "uploads&" + query));
    }

    [Fact]
    public async Task Completed_uploads_are_not_listed_and_open_ones_survive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        await using (var oss = await TestOss.StartAsync(folder))
        {
            var ids = await InitiateAsync(oss, "done", "open");
            var part = await oss.Client.UploadPartAsync(Bucket, "done", ids[0], 1, UploadBody.From(new byte[1]));
            await oss.Client.CompleteMultipartUploadAsync(Bucket, "done", ids[0], [part]);
        }

        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal(["open"], (await ListAsync(oss)).Uploads.Select(upload => upload.Key));
        }

        Directory.Delete(folder, recursive: true);
    }
}
