using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads;

public sealed class BulkUploadTests(RunningApp app)
{
    private const int PartSize = 102_400;

    public static TheoryData<int> Sizes => [0, 1, PartSize - 1, PartSize, PartSize + 1, PartSize * 10, PartSize * 10 + 7];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Carries_a_file_of(int size)
    {
        var (name, bytes) = WriteFile(size);
        var key = RunningApp.NewKey("a/../图 +%.bin");
        var job = await SubmitAsync(new { source = new { file = name }, key, contentType = "application/x-test" });
        Assert.Equal("Succeeded", job.GetProperty("state").GetString());
        Assert.Equal("verified", job.GetProperty("callback").GetString());
        Assert.Equal(size, job.GetProperty("bytesDone").GetInt64());
        Assert.Equal(Math.Max(1, (size + PartSize - 1) / PartSize), job.GetProperty("partsDone").GetInt32());
        Assert.Equal(Crc64.ToText(Crc64.Compute(bytes)), job.GetProperty("crc64").GetString());
        await AssertStoredAsync(key, bytes);
        Assert.Equal("application/x-test", (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.ContentType);
        await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(job.GetProperty("id").GetString()!) is { Count: > 0 } events ? events : null));
    }

    [Theory]
    [InlineData("ranges")]
    [InlineData("moved")]
    public async Task Carries_a_URL_by_ranges(string name)
    {
        var key = RunningApp.NewKey();
        var job = await SubmitAsync(new { source = new { url = app.Source.Url(name) }, key });
        Assert.Equal("Succeeded", job.GetProperty("state").GetString());
        await AssertStoredAsync(key, SourceServer.Content);
    }

    [Theory]
    [InlineData("gone", "source_not_found")]
    [InlineData("elsewhere", "source_not_allowed")]
    [InlineData("no-ranges", "source_without_length")]
    [InlineData("changing", "source_changed")]
    [InlineData("unversioned", "source_without_version")]
    public async Task Fails_at_once_and_says_why_when_a_source_is(string name, string code)
    {
        var key = RunningApp.NewKey();
        var job = await SubmitAsync(new { source = new { url = app.Source.Url(name) }, key });
        Assert.Equal("Failed", job.GetProperty("state").GetString());
        Assert.Equal(code, job.GetProperty("error").GetProperty("code").GetString());
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        await AssertNothingIsLeftOpenAsync(key);
    }

    [Fact]
    public async Task Fails_when_the_file_is_missing()
    {
        var job = await SubmitAsync(new { source = new { file = "missing.bin" }, key = RunningApp.NewKey() });
        Assert.Equal("source_not_found", job.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Fails_when_the_key_is_taken_and_must_not_be_replaced()
    {
        var key = RunningApp.NewKey();
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var (name, _) = WriteFile(PartSize * 2);
        var job = await SubmitAsync(new { source = new { file = name }, key, forbidOverwrite = true });
        Assert.Equal("FileAlreadyExists", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1, (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.Size);
    }

    [Fact]
    public async Task Accepts_with_a_place_to_ask_at()
    {
        var (name, _) = WriteFile(10);
        using var response = await app.Http.PostAsJsonAsync("/api/bulk-uploads", new { source = new { file = name }, key = RunningApp.NewKey() });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var accepted = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(accepted.GetProperty("status").GetString(), response.Headers.Location!.OriginalString);
        Assert.Equal($"{app.Stack.App.Url}/api/bulk-uploads/{accepted.GetProperty("id").GetString()}", response.Headers.Location.OriginalString);
        using var status = await app.Http.GetAsync(response.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    [Fact]
    public async Task Takes_the_same_job_twice_as_one_and_another_by_the_same_id_not_at_all()
    {
        var (name, _) = WriteFile(PartSize * 4);
        var id = Guid.NewGuid().ToString("N");
        var body = new { id, source = new { file = name }, key = RunningApp.NewKey() };
        Assert.Equal("Succeeded", (await SubmitAsync(body)).GetProperty("state").GetString());
        Assert.Equal("Succeeded", (await SubmitAsync(body)).GetProperty("state").GetString());
        await app.Client.EnqueueAsync(body, default);
        Assert.Equal((HttpStatusCode.Conflict, "job_exists"), await app.RefusalAsync("/api/bulk-uploads", new { id, source = new { file = name }, key = RunningApp.NewKey() }));
        await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(id) is { Count: > 0 } events ? events : null));

        // A later job is done: so is the repeat that was on the queue before it.
        await SubmitAsync(new { source = new { file = name }, key = RunningApp.NewKey() });
        Assert.Single(app.Events(id));
        Assert.Single(app.Stack.Oss.Requests, request => request is { Operation: "CompleteMultipartUpload", Status: 200 } && request.Key == body.key);
    }

    [Fact]
    public async Task Takes_jobs_from_the_queue_with_and_without_an_id()
    {
        var (name, bytes) = WriteFile(PartSize + 5);
        var (withId, without) = (RunningApp.NewKey(), RunningApp.NewKey());
        var id = Guid.NewGuid().ToString("N");
        await app.Client.EnqueueAsync(new { v = 1, id, source = new { file = name }, key = withId }, default);
        await app.Client.EnqueueAsync(new { v = 1, source = new { file = name }, key = without }, default);
        Assert.Equal("Succeeded", (await app.EndOfJobAsync(id)).GetProperty("state").GetString());
        await RunningApp.EventuallyAsync(async () => await app.Oss.HeadObjectAsync(Stack.Bucket, without));
        await AssertStoredAsync(withId, bytes);
        await AssertStoredAsync(without, bytes);
    }

    [Fact]
    public async Task Records_what_it_cannot_use_with_the_reason()
    {
        var marker = Guid.NewGuid().ToString("N");
        await app.Queue("bulk-uploads").CreateIfNotExistsAsync();
        await app.Queue("bulk-uploads").SendMessageAsync("{ no json " + marker);
        await app.Client.EnqueueAsync(new { v = 2, id = marker, source = new { file = "x" }, key = "k" }, default);
        await app.Client.EnqueueAsync(new { v = 1, id = marker, source = new { file = "x", url = "https://x" }, key = "k" }, default);
        await app.Queue("bulk-uploads").SendMessageAsync($$"""{"id":null,"source":{"file":"x"},"key":"{{marker}}"}""");
        var (name, _) = WriteFile(10);
        await SubmitAsync(new { id = "taken-" + marker, source = new { file = name }, key = RunningApp.NewKey() });
        await app.Client.EnqueueAsync(new { id = "taken-" + marker, source = new { file = name }, key = RunningApp.NewKey() }, default);
        var codes = new HashSet<string>();
        await RunningApp.EventuallyAsync<object>(async () =>
        {
            await foreach (var letter in app.DeadLettersAsync("bulk-uploads"))
            {
                if (letter.GetProperty("message").GetString()!.Contains(marker, StringComparison.Ordinal))
                {
                    Assert.NotEmpty(letter.GetProperty("reason").GetString()!);
                    codes.Add($"{letter.GetProperty("code").GetString()}: {letter.GetProperty("reason").GetString()}");
                }
            }

            return codes.Count == 5 ? codes : null;
        });
        Assert.Contains(codes, code => code.StartsWith("invalid_json", StringComparison.Ordinal));
        Assert.Contains(codes, code => code.Contains("version 1", StringComparison.Ordinal));
        Assert.Contains(codes, code => code.Contains("either url or file", StringComparison.Ordinal));
        Assert.Contains(codes, code => code.Contains("id is null", StringComparison.Ordinal));
        Assert.Contains(codes, code => code.StartsWith("job_exists", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"source":{"file":"../x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"file":"/etc/passwd"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"url":"http://127.0.0.1:1/x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"url":"ftp://example.com/x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"url":"https://user@example.com/x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{},"key":"k"}""", "invalid_job")]
    [InlineData("""{"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","partSize":1000}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"},"key":"k","id":"no spaces"}""", "invalid_job")]
    [InlineData("""{"v":2,"source":{"file":"x"},"key":"k"}""", "invalid_job")]
    [InlineData("""{"source":{"file":"x"}}""", "invalid_key")]
    [InlineData("""{"source":{"file":"x"},"key":"/k"}""", "invalid_key")]
    [InlineData("""{"source":{"file":"x"},"key":"k","bucket":"other"}""", "invalid_json")]
    public async Task Refuses_a_bad_job_by_code(string body, string code)
    {
        using var json = JsonDocument.Parse(body);
        Assert.Equal((HttpStatusCode.BadRequest, code), await app.RefusalAsync("/api/bulk-uploads", json.RootElement));
    }

    [Fact]
    public async Task Does_not_follow_a_link_out_of_the_root()
    {
        var assembly = typeof(BulkUploadTests).Assembly.Location;
        var (file, folder) = ($"{Guid.NewGuid():N}.lnk", $"{Guid.NewGuid():N}.dir");
        File.CreateSymbolicLink(Path.Combine(app.Stack.SourceFolder, file), assembly);
        Directory.CreateSymbolicLink(Path.Combine(app.Stack.SourceFolder, folder), Path.GetDirectoryName(assembly)!);
        foreach (var source in (string[])[file, $"{folder}/{Path.GetFileName(assembly)}", $"x/../{folder}/{Path.GetFileName(assembly)}"])
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_job"), await app.RefusalAsync("/api/bulk-uploads", new { source = new { file = source }, key = RunningApp.NewKey() }));
        }
    }

    [Fact]
    public async Task Takes_files_of_folders_below_the_root()
    {
        var (name, bytes) = WriteFile(10);
        Directory.CreateDirectory(Path.Combine(app.Stack.SourceFolder, "文件夹 1"));
        File.Move(Path.Combine(app.Stack.SourceFolder, name), Path.Combine(app.Stack.SourceFolder, "文件夹 1", name));
        var key = RunningApp.NewKey();
        Assert.Equal("Succeeded", (await SubmitAsync(new { source = new { file = $"文件夹 1/{name}" }, key })).GetProperty("state").GetString());
        await AssertStoredAsync(key, bytes);
    }

    [Theory]
    [InlineData("bulk-upload-work-poison", """{"kind":"slice","v":1,"jobId":"JOB","epoch":1,"number":0,"beginning":"b","first":1,"last":3}""")]
    [InlineData("bulk-upload-work-poison", """{"kind":"completion","v":1,"jobId":"JOB","epoch":1,"number":0,"beginning":"b","claim":"c"}""")]
    [InlineData("bulk-upload-urgent-work-poison", """{"kind":"page","v":1,"jobId":"JOB","epoch":1,"page":0,"stride":1,"claim":"c"}""")]
    [InlineData("bulk-upload-urgent-work-poison", """{"kind":"expand","v":1,"jobId":"JOB","epoch":1}""")]
    public async Task Fails_a_job_whose_message_the_host_gave_up(string queue, string message)
    {
        // A job that waits: its source does not answer, so that its plan is tried again later.
        var id = Guid.NewGuid().ToString("N");
        await app.Client.PostAsync("/api/bulk-uploads", new { id, source = new { url = app.Source.Url("unavailable") }, key = RunningApp.NewKey() }, default);
        await RunningApp.EventuallyAsync<object>(async () => await app.Client.FindJobAsync(id, default) is { } job && job.TryGetProperty("error", out var error) ? error : null);
        await app.Queue(queue).SendMessageAsync(message.Replace("JOB", id, StringComparison.Ordinal));
        var failed = await app.EndOfJobAsync(id);
        Assert.Equal(("Failed", "worker_died"), (failed.GetProperty("state").GetString(), failed.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Finds_its_own_object_when_the_reply_to_an_upload_that_must_not_replace_was_lost()
    {
        var key = RunningApp.NewKey();
        // Stored while the job is on its way, with the job's own bytes: as a first attempt would have left it.
        var id = Guid.NewGuid().ToString("N");
        await app.Client.PostAsync("/api/bulk-uploads", new { id, source = new { url = app.Source.Url("late?" + id) }, key, forbidOverwrite = true }, default);
        await RunningApp.EventuallyAsync<object>(async () => await app.Client.FindJobAsync(id, default) is { } job && job.TryGetProperty("error", out var error) ? error : null);
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(SourceServer.Small));
        app.Source.Answer(id);
        var ended = await app.EndOfJobAsync(id);
        Assert.Equal("Succeeded", ended.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("unknown-job")]
    [InlineData("x")]
    [InlineData("a%20b%2Fc")]
    public async Task Knows_no_job_that_was_not_taken(string id)
    {
        using var response = await app.Http.GetAsync($"/api/bulk-uploads/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<JsonElement> SubmitAsync(object job)
    {
        var accepted = await app.Client.PostAsync("/api/bulk-uploads", job, default);
        return await app.EndOfJobAsync(accepted.GetProperty("id").GetString()!);
    }

    private (string Name, byte[] Bytes) WriteFile(int size)
    {
        var name = $"{Guid.NewGuid():N}.bin";
        var bytes = RandomNumberGenerator.GetBytes(size);
        File.WriteAllBytes(Path.Combine(app.Stack.SourceFolder, name), bytes);
        return (name, bytes);
    }

    private async Task AssertStoredAsync(string key, byte[] bytes)
    {
        using var download = await app.Oss.GetObjectAsync(Stack.Bucket, key);
        using var content = new MemoryStream();
        await download.Content.CopyToAsync(content);
        Assert.True(bytes.AsSpan().SequenceEqual(content.ToArray()), "The object is not the source.");
    }

    private async Task AssertNothingIsLeftOpenAsync(string key)
    {
        foreach (var begun in app.Stack.Oss.Requests.Where(request => request.Key == key && request.UploadId is not null))
        {
            var gone = await RunningApp.EventuallyAsync(async () =>
            {
                try
                {
                    await foreach (var _ in app.Oss.ListPartsAsync(Stack.Bucket, key, begun.UploadId!))
                    {
                    }

                    return null;
                }
                catch (OssException e)
                {
                    return e;
                }
            });
            Assert.Equal("NoSuchUpload", gone.Error.Code);
        }
    }
}
