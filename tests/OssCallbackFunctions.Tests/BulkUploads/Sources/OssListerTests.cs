using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class OssListerTests(RunningApp app)
{
    private UploadSources Sources => Some.Sources(new BulkUploadOptions { OssSourceBuckets = $"other-bucket;{Stack.Bucket}" }, app.Oss);

    [Fact]
    public async Task Lists_a_folder_and_goes_on_after_any_object()
    {
        var folder = RunningApp.NewKey("图 +%");
        string[] names = ["%2F", "+", "a b", "a/../b", "a/x", "图", "😀"];
        foreach (var key in (string[])[folder + "/", folder + "2/x", .. names.Select(name => $"{folder}/{name}")])
        {
            await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1, 2 }));
        }

        foreach (var text in (string[])[folder, folder + "/"])
        {
            var listed = await ListAsync($"oss://{Stack.Bucket}/{text}");
            Assert.Equal(names, listed.Select(entry => entry.Path));
            foreach (var (entry, i) in listed.Select((entry, i) => (entry, i)))
            {
                Assert.Equal($"oss://{Stack.Bucket}/{folder}/{names[i]}", entry.Source.Oss);
                Assert.Equal(await Sources.Find(entry.Source).ProbeAsync(default), entry.Facts);
                Assert.Equal(names[(i + 1)..], (await ListAsync($"oss://{Stack.Bucket}/{text}", entry.Cursor)).Select(rest => rest.Path));
            }
        }
    }

    [Theory]
    [InlineData("oss://other-bucket", "source_not_found")]
    [InlineData("oss://not-listed/x", "source_not_allowed")]
    public async Task Refuses_a_bucket_that_is_not_there_or_not_allowed(string prefix, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(() => ListAsync(prefix))).Code);

    [Fact]
    public async Task Lists_nothing_where_there_is_nothing() => Assert.Empty(await ListAsync($"oss://{Stack.Bucket}/{RunningApp.NewKey("none")}"));

    private Task<List<ListedSource>> ListAsync(string prefix, string? after = null) => Sources.FindLister(new BulkUploadSource { Oss = prefix }).ListAsync(after, default).ToListAsync().AsTask();
}
