using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

/// <summary>Blobs of a real Azurite: read, pinned and listed.</summary>
public sealed class BlobSourceTests(RunningApp app) : IAsyncLifetime
{
    private readonly string _name = $"blobs-{Guid.NewGuid():N}";

    private BlobContainerClient Container => new(app.Stack.StorageConnectionString, _name, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05) { TrimBlobNameSlashes = false });

    public async ValueTask InitializeAsync() => await Container.CreateAsync();

    public async ValueTask DisposeAsync() => await Container.DeleteAsync();

    [Theory]
    [InlineData("plain.bin")]
    [InlineData("图片/封面 1+2%.png")]
    [InlineData("😀/%2e%2e/a?b#c&d=e")]
    [InlineData("a//b")]
    [InlineData("back\\slash")]
    [InlineData("...a/b...")]
    public async Task Tells_the_facts_of_a_blob_and_reads_ranges_of_it(string path)
    {
        byte[] bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        await PutAsync(path, bytes);
        var source = Find($"Main/{path}");
        var facts = await source.ProbeAsync(default);
        Assert.Equal((1000, "application/x-test", true), (facts.Size, facts.ContentType, facts.HasRanges));
        Assert.NotNull(facts.LastModified);
        Assert.Equal(bytes, await source.Open(new PartRange(1, 0, 1000), facts).BytesAsync());
        Assert.Equal(bytes[100..350], await source.Open(new PartRange(2, 100, 250), facts).BytesAsync());

        await PutAsync(path, bytes);
        await AssertRefusedAsync("source_changed", () => source.Open(new PartRange(2, 100, 250), facts).BytesAsync());
        await Container.DeleteBlobAsync(path);
        // To a condition on a blob that is gone the service may answer either.
        Assert.Contains((await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(2, 100, 250), facts).BytesAsync())).Code, new[] { "source_not_found", "source_changed" });
        await AssertRefusedAsync("source_not_found", () => source.ProbeAsync(default));
    }

    [Fact]
    public async Task Reads_nothing_of_an_empty_blob_and_no_more_than_there_is()
    {
        await PutAsync("empty", []);
        var facts = await Find("main/empty").ProbeAsync(default);
        Assert.Equal(0, facts.Size);
        Assert.Empty(await Find("main/empty").Open(new PartRange(1, 0, 0), facts).BytesAsync());
        await AssertRefusedAsync("source_changed", () => Find("main/empty").Open(new PartRange(1, 0, 5), facts).BytesAsync());
    }

    [Fact]
    public async Task Finds_nothing_in_a_container_that_is_gone()
    {
        await AssertRefusedAsync("source_not_found", () => Find("gone/x").ProbeAsync(default));
        await AssertRefusedAsync("source_not_found", () => ListAsync("gone"));
    }

    [Theory]
    [InlineData("other/x")]
    [InlineData("main")]
    [InlineData("main/")]
    [InlineData("")]
    [InlineData("/x")]
    [InlineData("main/..")]
    [InlineData("main/../gone/x")]
    [InlineData("main/a/../../gone/x")]
    [InlineData("main/./x")]
    public void Refuses_what_is_not_allowed(string text) => Assert.Equal("source_not_allowed", Assert.Throws<SourceException>(() => Find(text)).Code);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5000)]
    public async Task Lists_a_folder_page_after_page_and_goes_on_after_any_blob(int pageSize)
    {
        string[] names = ["%2F", "+", "a b", "a.txt", "a/x", "a/y/z", "图/封面", "😀"];
        await Task.WhenAll(((string[])["before", "folder2/x", .. names.Select(name => "folder/" + name)]).Select(name => PutAsync(name, [1, 2, 3])));
        var lister = new BlobLister(Container, "main", "folder/", pageSize);
        var listed = await lister.ListAsync(null, default).ToListAsync();
        Assert.Equal(names, listed.Select(entry => entry.Path));
        foreach (var (entry, i) in listed.Select((entry, i) => (entry, i)))
        {
            Assert.Equal($"main/folder/{names[i]}", entry.Source.Blob);
            var facts = await Find(entry.Source.Blob!).ProbeAsync(default);
            Assert.Equal(facts, entry.Facts);
            Assert.Equal((facts.ContentType, facts.LastModified), (entry.Facts!.ContentType, entry.Facts.LastModified));
            var again = new BlobLister(Container, "main", "folder/", pageSize);
            Assert.Equal(names[(i + 1)..], (await again.ListAsync(entry.Cursor, default).ToListAsync()).Select(rest => rest.Path));
        }
    }

    [Fact]
    public async Task Goes_on_after_a_blob_that_is_gone_and_misses_none()
    {
        await Task.WhenAll(((string[])["a", "b", "c", "d", "e"]).Select(name => PutAsync(name, [1])));
        var lister = new BlobLister(Container, "main", "", 2);
        var listed = await lister.ListAsync(null, default).ToListAsync();
        await Task.WhenAll(((string[])["b", "c"]).Select(name => Container.DeleteBlobAsync(name)));
        await PutAsync("b2", [1]);
        Assert.Equal(["b2", "d", "e"], (await lister.ListAsync(listed[1].Cursor, default).ToListAsync()).Select(entry => entry.Path));
        Assert.Equal(["d", "e"], (await lister.ListAsync(listed[2].Cursor, default).ToListAsync()).Select(entry => entry.Path));
    }

    [Fact]
    public async Task Leaves_out_what_stands_for_folders()
    {
        await PutAsync("x/file", [1]);
        await PutAsync("x/", []);
        await Container.GetBlobClient("x/folder").UploadAsync(BinaryData.FromString(""), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } });
        foreach (var prefix in (string[])["main/x", "main/x/"])
        {
            Assert.Equal(["file"], (await ListAsync(prefix)).Select(entry => entry.Path));
        }

        Assert.Equal(["x/", "x/file"], (await ListAsync("main")).Select(entry => entry.Path));
    }

    [Fact]
    public async Task Reads_by_a_SAS_and_tells_nothing_of_it_when_it_is_refused()
    {
        await PutAsync("a b", [1, 2, 3]);
        // Azurite serves http alone here, which the settings would not take.
        var sas = Container.GenerateSasUri(new BlobSasBuilder(BlobContainerSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1)));
        BulkUploadSource source = new() { Blob = "sas/a b" };
        Assert.Equal(3, (await Sources(sas.ToString()).Find(source).ProbeAsync(default)).Size);

        var forged = sas.ToString().Replace("sig=", "sig=x", StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<SourceException>(() => Sources(forged).Find(source).ProbeAsync(default));
        Assert.Equal("source_refused", refused.Code);
        Assert.DoesNotContain("sig", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal("source_refused", (await Assert.ThrowsAsync<SourceException>(() =>
            Sources(sas.ToString()).FindLister(new BulkUploadSource { Blob = "sas" }).ListAsync(null, default).ToListAsync().AsTask())).Code);

        UploadSources Sources(string url) => Some.Sources(new BulkUploadOptions { BlobContainers = { ["sas"] = new() { Url = url } } });
    }

    [Fact]
    public async Task An_account_that_does_not_answer_may_do_later()
    {
        var port = Sandbox.Ports.Free(1)[0];
        var options = new BulkUploadOptions
        {
            BlobContainers = { ["down"] = new() { ConnectionString = Regex.Replace(app.Stack.StorageConnectionString, @"(?<=BlobEndpoint=http://127\.0\.0\.1:)\d+", $"{port}"), Container = _name } },
        };
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => Some.Sources(options).Find(new BulkUploadSource { Blob = "down/x" }).ProbeAsync(default));
        Assert.True(OssRetry.IsTransient(failed), failed.ToString());
    }

    private UploadSources Sources => Some.Sources(new BulkUploadOptions
    {
        BlobContainers =
        {
            ["main"] = new() { ConnectionString = app.Stack.StorageConnectionString, Container = _name },
            ["gone"] = new() { ConnectionString = app.Stack.StorageConnectionString, Container = "no-such-container" },
        },
    });

    private IUploadSource Find(string text) => Sources.Find(new BulkUploadSource { Blob = text });

    private Task<List<ListedSource>> ListAsync(string prefix) => Sources.FindLister(new BulkUploadSource { Blob = prefix }).ListAsync(null, default).ToListAsync().AsTask();

    private async Task PutAsync(string path, byte[] bytes) =>
        await Container.GetBlobClient(path).UploadAsync(BinaryData.FromBytes(bytes), new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/x-test" } });

    private static async Task AssertRefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(act)).Code);
}
