using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>Jobs of several objects, by manifest and by prefix.</summary>
public sealed class BulkJobTests(RunningApp app)
{
    private readonly string _folder = $"{Guid.NewGuid():N}";

    [Fact]
    public async Task Carries_a_folder_small_files_and_large()
    {
        var files = new Dictionary<string, byte[]>();
        for (var i = 0; i < 110; i++)
        {
            files[$"{(i % 3 == 0 ? "深/" : "")}f{i:D3} +%.bin"] = RandomNumberGenerator.GetBytes(i % 40 == 7 ? 350_000 : i * 31);
        }

        Write(files);
        var job = await EndAsync(new { prefix = new { file = _folder }, destination = $"{_folder}/", objectsInFlight = 24 });
        Assert.Equal("Succeeded", job.GetProperty("state").GetString());
        Assert.Equal((110, 110, 0), (Count(job, "objects"), Count(job, "succeeded"), Count(job, "failed")));
        Assert.Equal(files.Values.Sum(bytes => bytes.LongLength), job.GetProperty("bytesDone").GetInt64());
        foreach (var (name, bytes) in files)
        {
            await AssertStoredAsync($"{_folder}/{name}", bytes);
        }

        var id = job.GetProperty("id").GetString();
        foreach (var number in (int[])[0, 7, 109])
        {
            Assert.Single((await app.EventsOfAsync($"{id}-{number}")).Select(told => told.GetProperty("id").GetString()).Distinct());
        }

        var report = (await ReportAsync(job, ".csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(111, report.Length);
        Assert.All(report.Skip(1), row => Assert.Contains(",Succeeded,", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fails_each_bad_object_of_a_manifest_for_its_own_reason_and_carries_the_rest()
    {
        Write(new() { ["a"] = [1, 2, 3], ["b"] = RandomNumberGenerator.GetBytes(300_000), ["c"] = [4] });
        WriteManifest(
            "m.jsonl",
            $$"""{"file":"{{_folder}}/a","key":"a","md5":"5289df737df57326fcdd22597afb1fac"}""",
            $$"""{"file":"{{_folder}}/b","key":"b","sha256":"{{new string('0', 64)}}"}""",
            $$"""{"file":"{{_folder}}/gone","key":"gone"}""",
            $$"""{"file":"{{_folder}}/c","key":"a"}""",
            "no json",
            $$"""{"file":"{{_folder}}/c","key":"c\u0007"}""",
            $$"""{"file":"{{_folder}}/c","key":"c","size":2}""",
            """{"url":"https://elsewhere.example/x","key":"x"}""",
            $$"""{"file":"{{_folder}}/b","key":"crc","crc64":"1"}""",
            $$"""{"file":"{{_folder}}/c","key":"last","contentType":"text/x-test","metadata":{"who":"me"} }""");
        var job = await EndAsync(new { manifest = new { file = $"{_folder}/m.jsonl" }, destination = $"{_folder}/" });
        Assert.Equal(("Failed", "objects_failed"), (job.GetProperty("state").GetString(), job.GetProperty("error").GetProperty("code").GetString()));
        var failed = await ObjectsAsync(job, "failed");
        Assert.Equal(
            [
                (2, "checksum_mismatch"), (3, "source_not_found"), (4, "key_repeated"), (5, "manifest_line_invalid"), (6, "invalid_key"), (7, "source_size_differs"), (8, "source_not_allowed"),
                (9, "checksum_mismatch"),
            ],
            failed.Select(one => (one.GetProperty("number").GetInt32(), one.GetProperty("error").GetProperty("code").GetString()!)));
        Assert.Equal((10, 2, 8), (Count(job, "objects"), Count(job, "succeeded"), Count(job, "failed")));
        await AssertStoredAsync($"{_folder}/a", [1, 2, 3]);
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/b"));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/crc"));
        var last = (await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/last"))!;
        Assert.Equal(("text/x-test", "me"), (last.ContentType, last.Metadata["who"]));
        await AssertNothingIsOpenAsync();
    }

    [Fact]
    public async Task Tries_again_what_failed_and_takes_the_failed_as_the_next_manifest()
    {
        Write(new() { ["a"] = [1] });
        WriteManifest("m.csv", "file,key", $"{_folder}/a,a", $"{_folder}/late,late", $"{_folder}/never,never");
        var job = await EndAsync(new { manifest = new { file = $"{_folder}/m.csv" }, destination = $"{_folder}/" });
        Assert.Equal(2, Count(job, "failed"));

        Write(new() { ["late"] = [2, 2] });
        var id = job.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.Accepted, await ControlAsync(id, "retry"));
        var again = await EndedAsync(id);
        Assert.Equal((3, 2, 1), (Count(again, "objects"), Count(again, "succeeded"), Count(again, "failed")));
        await AssertStoredAsync($"{_folder}/late", [2, 2]);
        Assert.Equal(3, Assert.Single(await ObjectsAsync(again, "failed")).GetProperty("number").GetInt32());

        Write(new() { ["never"] = [3] });
        File.WriteAllText(Path.Combine(app.Stack.SourceFolder, _folder, "failed.jsonl"), await ReportAsync(again, ".failed.jsonl"));
        var next = await EndAsync(new { manifest = new { file = $"{_folder}/failed.jsonl" } });
        Assert.Equal(("Succeeded", 1), (next.GetProperty("state").GetString(), Count(next, "objects")));
        await AssertStoredAsync($"{_folder}/never", [3]);
    }

    [Fact]
    public async Task Tells_in_a_dry_run_what_would_be_done_and_does_nothing()
    {
        Write(new() { ["a.txt"] = [1], ["b.log"] = [1, 2], ["c.txt"] = RandomNumberGenerator.GetBytes(250_000) });
        var job = await EndAsync(new { prefix = new { file = _folder }, destination = $"{_folder}/", dryRun = true, include = new[] { "*.txt" } });
        Assert.Equal("Succeeded", job.GetProperty("state").GetString());
        Assert.Equal((2, 2), (Count(job, "objects"), Count(job, "succeeded")));
        // PutObject; InitiateMultipartUpload, three UploadParts and CompleteMultipartUpload.
        Assert.Equal(1 + 5, Count(job, "requests"));
        Assert.Equal(250_001, Count(job, "bytes"));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/a.txt"));
        Assert.DoesNotContain(app.Stack.Oss.Requests, request => request.Key?.StartsWith(_folder, StringComparison.Ordinal) == true && request.Operation != "HeadObject");
    }

    [Fact]
    public async Task Leaves_alone_what_is_there_already()
    {
        Write(new() { ["a"] = [1], ["b"] = [1, 2] });
        // To OSS's second.
        File.SetLastWriteTimeUtc(Path.Combine(app.Stack.SourceFolder, _folder, "a"), DateTime.UtcNow.AddMinutes(-1));
        var document = new { prefix = new { file = _folder }, destination = $"{_folder}/", skipExisting = true, callback = false };
        Assert.Equal(2, Count(await EndAsync(document), "succeeded"));
        Write(new() { ["b"] = [9, 9, 9] });
        var again = await EndAsync(document);
        Assert.Equal((1, 1), (Count(again, "succeeded"), Count(again, "skipped")));
        await AssertStoredAsync($"{_folder}/b", [9, 9, 9]);
        Assert.Empty(app.Events($"{again.GetProperty("id").GetString()}-1"));
    }

    [Fact]
    public async Task Copies_objects_of_OSS_without_moving_a_byte()
    {
        var bytes = RandomNumberGenerator.GetBytes(450_000);
        await app.Oss.PutObjectAsync(Stack.Bucket, $"{_folder}/from/a/../图 +%.bin", UploadBody.From(bytes), new ObjectProperties { ContentType = "image/x-test" });
        await app.Oss.PutObjectAsync(Stack.Bucket, $"{_folder}/from/empty", UploadBody.From(default));
        var job = await EndAsync(new { prefix = new { oss = $"oss://{Stack.Bucket}/{_folder}/from/" }, destination = $"{_folder}/to/", partSize = 102_400 });
        Assert.Equal(("Succeeded", 2), (job.GetProperty("state").GetString(), Count(job, "succeeded")));
        await AssertStoredAsync($"{_folder}/to/a/../图 +%.bin", bytes);
        await AssertStoredAsync($"{_folder}/to/empty", []);
        Assert.Equal("image/x-test", (await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/to/a/../图 +%.bin"))!.ContentType);
        Assert.Equal(5, app.Stack.Oss.Requests.Count(request => request.Operation == "UploadPartCopy" && request.Key!.StartsWith($"{_folder}/to/", StringComparison.Ordinal)));
        await app.EventsOfAsync($"{job.GetProperty("id").GetString()}-0");
    }

    [Fact]
    public async Task Fails_when_an_object_of_OSS_is_replaced_while_it_is_copied()
    {
        await app.Oss.PutObjectAsync(Stack.Bucket, $"{_folder}/from", UploadBody.From(RandomNumberGenerator.GetBytes(250_000)));
        await using var engine = new Engine(app);
        var id = Guid.NewGuid().ToString("N");
        var job = new BulkUploadJob { Source = new BulkUploadSource { Oss = $"oss://{Stack.Bucket}/{_folder}/from" }, Key = $"{_folder}/to", PartSize = 102_400 };
        var slices = await engine.RunUntilAsync<SliceTask>(id, job);
        Assert.Equal(3, slices.Count);
        await engine.RunAsync(slices[0]);
        await app.Oss.PutObjectAsync(Stack.Bucket, $"{_folder}/from", UploadBody.From(RandomNumberGenerator.GetBytes(250_000)));
        await engine.RunAllAsync(slices);
        var record = (await engine.Records.FindAsync(id, default))!;
        Assert.Equal((BulkUploadState.Failed, "source_changed"), (record.State, record.Error!.Code));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/to"));
        await AssertNothingIsOpenAsync();
    }

    [Fact]
    public async Task Takes_a_manifest_from_a_blob_and_writes_the_report_beside_it()
    {
        var container = app.Container(Stack.BlobContainer);
        await container.CreateIfNotExistsAsync();
        await container.UploadBlobAsync($"{_folder}/src 1", BinaryData.FromBytes([5, 5, 5]));
        await container.UploadBlobAsync($"{_folder}/list.jsonl", BinaryData.FromString($$"""{"blob":"{{Stack.BlobContainer}}/{{_folder}}/src 1"}"""));
        var job = await EndAsync(new { manifest = new { blob = $"{Stack.BlobContainer}/{_folder}/list.jsonl" }, destination = "to/" });
        Assert.Equal("Succeeded", job.GetProperty("state").GetString());
        await AssertStoredAsync($"to/{_folder}/src 1", [5, 5, 5]);
        Assert.Equal($"{Stack.BlobContainer}/{_folder}/list.jsonl.{job.GetProperty("id").GetString()}.report", job.GetProperty("report").GetString());
        Assert.Contains("Succeeded", await ReportAsync(job, ".jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_an_empty_job_and_fails_one_whose_manifest_is_no_text()
    {
        Directory.CreateDirectory(Path.Combine(app.Stack.SourceFolder, _folder, "empty"));
        Assert.Equal("Succeeded", (await EndAsync(new { prefix = new { file = $"{_folder}/empty" }, destination = "" })).GetProperty("state").GetString());
        Write(new() { ["m.csv"] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0] });
        Assert.Equal("manifest_not_text", (await EndAsync(new { manifest = new { file = $"{_folder}/m.csv" } })).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Lists_jobs_the_newest_first_and_their_objects_by_pages()
    {
        Write(Enumerable.Range(0, 5).ToDictionary(i => $"f{i}", _ => new byte[] { 1 }));
        var job = await EndAsync(new { prefix = new { file = _folder }, destination = $"{_folder}/", callback = false });
        var id = job.GetProperty("id").GetString()!;
        var jobs = await GetAsync("/api/bulk-uploads?count=50&state=succeeded");
        Assert.Contains(jobs.GetProperty("jobs").EnumerateArray(), listed => listed.GetProperty("id").GetString() == id);
        var keys = new List<string>();
        for (var next = "?count=2"; next is not null;)
        {
            var page = await GetAsync($"/api/bulk-uploads/{id}/objects{next}");
            keys.AddRange(page.GetProperty("objects").EnumerateArray().Select(one => one.GetProperty("key").GetString()!));
            next = page.TryGetProperty("next", out var token) ? $"?count=2&after={token.GetString()}" : null;
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"{_folder}/f{i}"), keys);
        using var wrong = await app.Http.GetAsync($"/api/bulk-uploads/{id}/objects?state=nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Theory]
    [InlineData("""{"manifest":{"file":"x.jsonl"},"source":{"file":"x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"manifest":{"file":"x"}}""", "invalid_job")]
    [InlineData("""{"manifest":{"file":"x.csv"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"prefix":{"url":"https://x/"}}""", "invalid_job")]
    [InlineData("""{"prefix":{"file":""},"destination":"/x"}""", "invalid_key")]
    [InlineData("""{"source":{"file":"x"},"key":"k","destination":"d/"}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","objectsInFlight":0}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","bandwidth":1}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","acl":"everybody"}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","priority":"soon"}""", "invalid_json")]
    public async Task Refuses_a_bad_job_by_code(string body, string code)
    {
        using var json = JsonDocument.Parse(body);
        Assert.Equal((HttpStatusCode.BadRequest, code), await app.RefusalAsync("/api/bulk-uploads", json.RootElement));
    }

    [Fact]
    public async Task Refuses_a_document_that_is_ambiguous_too_deep_or_too_long_by_HTTP_and_as_a_message()
    {
        var deep = $$"""{"source":{"file":"x"},"key":"k","metadata":{{new string('[', 5000)}}{{new string(']', 5000)}}}""";
        var twice = """{"source":{"file":"x"},"key":"k","key":"l"}""";
        foreach (var (body, code) in ((string, string)[])[(twice, "invalid_json"), (deep, "invalid_json"), ($$"""{"source":{"file":"x"},"key":"{{new string('k', 70_000)}}"}""", "body_too_large")])
        {
            using var answer = await app.Http.PostAsync("/api/bulk-uploads", new StringContent(body));
            Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        foreach (var message in (string[])[twice, deep])
        {
            await app.Queue("bulk-uploads").SendMessageAsync(message);
        }

        await RunningApp.EventuallyAsync(async () =>
        {
            var letters = await app.DeadLettersAsync("bulk-uploads", "invalid_json").Select(letter => letter.GetProperty("message").GetString()!).ToListAsync();
            return letters.Contains(twice) && letters.Exists(text => text.StartsWith(deep[..100], StringComparison.Ordinal)) ? "" : null;
        });
    }

    [Fact]
    public async Task Carries_a_folder_of_odd_names_and_follows_no_link_out_of_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and names as these are no matter on Windows.");
        var names = new[] { "a b+%.bin", "中文/é.bin", "😀.bin", "q?#&=.bin", "'\"quoted\".bin", "..hidden..", "x;y=z" };
        Write(names.ToDictionary(name => name, name => Encoding.UTF8.GetBytes(name)));
        Write(new() { ["line\nbreak"] = [1] });
        var root = Path.Combine(app.Stack.SourceFolder, _folder);
        Directory.CreateSymbolicLink(Path.Combine(root, "circle"), root);
        File.CreateSymbolicLink(Path.Combine(root, "outside"), "/etc/hostname");
        var job = await EndAsync(new { prefix = new { file = _folder }, destination = _folder + "/" });
        Assert.Equal(("Failed", names.Length, 1), (job.GetProperty("state").GetString(), Count(job, "succeeded"), Count(job, "failed")));
        foreach (var name in names)
        {
            Assert.Equal(Crc64.Compute(Encoding.UTF8.GetBytes(name)), (await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_folder}/{name}"))!.Crc64);
        }

        var failed = await app.Http.GetFromJsonAsync<JsonElement>($"/api/bulk-uploads/{job.GetProperty("id").GetString()}/objects?state=failed");
        Assert.Equal("invalid_key", Assert.Single(failed.GetProperty("objects").EnumerateArray()).GetProperty("error").GetProperty("code").GetString());
    }

    private static int Count(JsonElement job, string name) => job.GetProperty("counts").GetProperty(name).GetInt32();

    private void Write(Dictionary<string, byte[]> files)
    {
        foreach (var (name, bytes) in files)
        {
            var path = Path.Combine(app.Stack.SourceFolder, _folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    private void WriteManifest(string name, params string[] lines) => Write(new() { [name] = Encoding.UTF8.GetBytes(string.Join('\n', lines)) });

    private async Task<JsonElement> EndAsync(object document) => await EndedAsync((await app.Client.PostAsync("/api/bulk-uploads", document, default)).GetProperty("id").GetString()!);

    private Task<JsonElement> EndedAsync(string id) => app.EndOfJobAsync(id);

    private async Task<HttpStatusCode> ControlAsync(string id, string action)
    {
        using var response = await app.Http.PostAsync($"/api/bulk-uploads/{id}/{action}", null);
        return response.StatusCode;
    }

    private async Task<JsonElement> GetAsync(string path) => await app.Http.GetFromJsonAsync<JsonElement>(path);

    private async Task<List<JsonElement>> ObjectsAsync(JsonElement job, string state) =>
        [.. (await GetAsync($"/api/bulk-uploads/{job.GetProperty("id").GetString()}/objects?state={state}")).GetProperty("objects").EnumerateArray()];

    private async Task<string> ReportAsync(JsonElement job, string ending)
    {
        var path = job.GetProperty("report").GetString()!.Split('/', 2);
        var blob = app.Container(path[0]).GetBlobClient(path[1] + ending);
        return (await blob.DownloadContentAsync()).Value.Content.ToString();
    }

    private async Task AssertStoredAsync(string key, byte[] bytes)
    {
        using var download = await app.Oss.GetObjectAsync(Stack.Bucket, key);
        using var content = new MemoryStream();
        await download.Content.CopyToAsync(content);
        Assert.True(bytes.AsSpan().SequenceEqual(content.ToArray()), $"The object {key} is not the source.");
    }

    private async Task AssertNothingIsOpenAsync() =>
        Assert.Empty(await app.Oss.ListMultipartUploadsAsync(Stack.Bucket, _folder).ToListAsync());
}
