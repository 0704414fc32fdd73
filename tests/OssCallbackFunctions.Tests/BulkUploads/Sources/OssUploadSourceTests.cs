using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class OssUploadSourceTests(RunningApp app)
{
    private UploadSources Sources => Some.Sources(new BulkUploadOptions { OssSourceBuckets = $"other-bucket; {Stack.Bucket}" }, app.Oss);

    [Theory]
    [InlineData("a/../图 +%.bin")]
    [InlineData("😀?#&=%2F")]
    [InlineData("oss://x/")]
    public async Task Tells_the_facts_of_an_object_and_reads_ranges_of_it(string name)
    {
        var key = RunningApp.NewKey(name);
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(bytes), new ObjectProperties { ContentType = "application/x-test" });
        var source = Assert.IsType<OssUploadSource>(Find(key));
        Assert.Equal((Stack.Bucket, key), (source.Bucket, source.Key));

        var facts = await source.ProbeAsync(default);
        Assert.Equal((1000, "application/x-test", Crc64.Compute(bytes), true), (facts.Size, facts.ContentType, facts.Crc64, facts.HasRanges));
        Assert.Equal(bytes[100..350], await source.Open(new PartRange(2, 100, 250), facts).BytesAsync());

        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[1000]));
        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(2, 100, 250), facts).BytesAsync())).Code);
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[10]));
        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(2, 100, 250), facts).BytesAsync())).Code);
        await app.Oss.DeleteObjectAsync(Stack.Bucket, key);
        Assert.Equal("source_not_found", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(2, 100, 250), facts).BytesAsync())).Code);
        Assert.Equal("source_not_found", (await Assert.ThrowsAsync<SourceException>(() => source.ProbeAsync(default))).Code);
    }

    [Fact]
    public async Task Reads_nothing_of_an_empty_object()
    {
        var key = RunningApp.NewKey();
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(default));
        var facts = await Find(key).ProbeAsync(default);
        Assert.Equal(0, facts.Size);
        Assert.Empty(await Find(key).Open(new PartRange(1, 0, 0), facts).BytesAsync());
    }

    [Fact]
    public async Task Finds_nothing_in_a_bucket_that_is_not_there()
    {
        var missing = Sources.Find(new BulkUploadSource { Oss = "oss://other-bucket/key" });
        Assert.Equal("source_not_found", (await Assert.ThrowsAsync<SourceException>(() => missing.ProbeAsync(default))).Code);
    }

    [Theory]
    [InlineData("oss://not-listed/key")]
    [InlineData("oss://other-bucket")]
    [InlineData("oss://other-bucket/")]
    [InlineData("oss://other-bucket//key")]
    [InlineData("oss://OTHER-BUCKET/key")]
    [InlineData("other-bucket/key")]
    [InlineData("OSS://other-bucket/key")]
    public void Refuses_what_is_not_allowed(string text) =>
        Assert.Equal("source_not_allowed", Assert.Throws<SourceException>(() => Sources.Find(new BulkUploadSource { Oss = text })).Code);

    // An attribute cannot hold it.
    [Fact]
    public void Refuses_a_key_that_is_no_text() => Refuses_what_is_not_allowed("oss://other-bucket/\ud800");

    private IUploadSource Find(string key) => Sources.Find(new BulkUploadSource { Oss = $"oss://{Stack.Bucket}/{key}" });
}
