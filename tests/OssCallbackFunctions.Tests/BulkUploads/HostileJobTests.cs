using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Tests.BulkUploads.Sources;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>Jobs that mean no good: each bad object fails for a reason of its own, and the others are carried.</summary>
[Trait("hole", "s17")]
public sealed class HostileJobTests(RunningApp app)
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly string _id = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Fails_each_hostile_object_for_its_own_reason_and_carries_the_good_ones_between()
    {
        await using var source = new RawSource(AnswerAsync);
        await using var engine = new Engine(app, ("BulkUploads__AllowedSourceHosts", source.Authority), ("BulkUploads__MaxAttempts", "2"));
        var url = $"http://{source.Authority}";
        (byte[] Line, string? Error)[] lines =
        [
            Line($$"""{"url":"{{url}}/good","key":"first"}"""),
            Line($$"""{"url":"{{url}}/circle","key":"circle"}""", "source_redirected"),
            Line($$"""{"url":"{{url}}/range","key":"range"}""", "source_lies"),
            Line($$"""{"url":"{{url}}/short","key":"short"}""", "transfer_failed"),
            Line($$"""{"url":"{{url}}/packed","key":"packed"}""", "source_encoded"),
            Line($$"""{"url":"{{url}}/endless","key":"endless"}""", "source_without_length"),
            Line($$"""{"url":"{{url}}/good","key":"{{new string('x', 70_000)}}"}""", "manifest_line_too_long"),
            (Encoding.Latin1.GetBytes($$"""{"url":"{{url}}/good","key":"ä"}"""), "manifest_line_not_utf8"),
            Line($$"""{"url":"{{url}}/good","url":"{{url}}/good","key":"twice"}""", "manifest_line_invalid"),
            Line(new string('[', 5000), "manifest_line_invalid"),
            Line($$"""{"url":"{{url}}/good","key":"middle"}"""),
            Line($$"""{"url":"{{url}}/good","key":"{{new string('k', 1024)}}"}""", "invalid_key"),
            Line($$"""{"url":"{{url}}/good","key":"a\u0007b"}""", "invalid_key"),
            Line($$"""{"url":"{{url}}/good","key":"a\u0000b"}""", "manifest_line_invalid"),
            Line($$"""{"url":"{{url}}/good","key":"first"}""", "key_repeated"),
            Line("""{"url":"http://169.254.169.254/latest","key":"cloud"}""", "source_not_allowed"),
            Line("""{"file":"../../etc/passwd","key":"passwd"}""", "source_not_allowed"),
            Line($$"""{"url":"{{url}}/good","key":"last"}"""),
        ];
        Write(".jsonl", [.. lines.SelectMany(line => (byte[])[.. line.Line, (byte)'\n'])]);
        var job = await EndAsync(engine, ".jsonl");
        var objects = await engine.Objects.ListAsync(_id, 0, 1000, default).ToListAsync();
        Assert.Equal(lines.Select(line => line.Error), objects.Select(found => found.Error?.Code));
        Assert.Equal((BulkUploadState.Failed, 18, 3, 15), (job.State, (int)job.Counts.Objects, (int)job.Counts.Succeeded, (int)job.Counts.Failed));
        foreach (var key in (string[])["first", "middle", "last"])
        {
            Assert.Equal(4, (await app.Oss.HeadObjectAsync(Stack.Bucket, $"{_name}/{key}"))!.Size);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zip")]
    [InlineData("utf-16")]
    [InlineData("utf-16 without mark")]
    public async Task Fails_a_job_whose_manifest_is_no_text_and_says_what_it_is(string kind)
    {
        await using var engine = new Engine(app);
        var text = $$"""{"file":"{{_name}}.bin","key":"k"}""";
        Write(".jsonl", kind switch
        {
            "gzip" => Packed(memory => new GZipStream(memory, CompressionLevel.Fastest), text),
            "zip" => Zip(text),
            "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
            _ => Encoding.Unicode.GetBytes(text),
        });
        var job = await EndAsync(engine, ".jsonl");
        Assert.Equal((BulkUploadState.Failed, "manifest_not_text"), (job.State, job.Error!.Code));
        Assert.Contains(kind.Split(' ')[0], job.Error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Fails_a_job_whose_manifest_changes_while_its_lines_are_read()
    {
        await using var engine = new Engine(app);
        Write(".jsonl", Lines(60));
        var first = Assert.IsType<ExpandTask>(Assert.Single(await PlanAsync(engine, ".jsonl")));

        // As the message is that goes on after so many pages.
        var facts = await Some.Sources(app.Stack.SourceFolder).Find(new BulkUploadSource { File = _name + ".jsonl" }).ProbeAsync(default);
        Write(".jsonl", Lines(61));
        await engine.RunAllAsync(first with { Size = facts.Size, Version = facts.Version });
        var job = (await engine.Records.FindAsync(_id, default))!;
        Assert.Equal((BulkUploadState.Failed, "source_changed"), (job.State, job.Error!.Code));
    }

    [Fact]
    public async Task Makes_each_row_once_when_a_worker_dies_after_any_page_of_its_manifest()
    {
        await using var engine = new Engine(app);
        Write(".jsonl", Lines(150));
        var expand = Assert.IsType<ExpandTask>(Assert.Single(await PlanAsync(engine, ".jsonl")));

        Assert.IsType<DispatchTask>(Assert.Single(await engine.RunAsync(expand)));
        var rows = await engine.Objects.ListAsync(_id, 0, 1000, default).ToListAsync();
        var table = app.Table("bulkuploads");

        // The same message again, where a worker died after its pages so far and said so to nobody.
        for (var pages = 3; pages >= 0; pages--)
        {
            foreach (var row in rows.Where(row => row.Number >= pages * 48))
            {
                await table.DeleteEntityAsync(_id, UploadObjectRows.Of(row.Number));
                await table.DeleteEntityAsync(_id, UploadObjectRows.Key(row.Key));
            }

            await engine.Records.UpdateAsync(_id, job => job with { IsExpanded = false, Counts = new BulkUploadCounts() }, default);
            Assert.IsType<DispatchTask>(Assert.Single(await engine.RunAsync(expand)));
            var again = await engine.Objects.ListAsync(_id, 0, 1000, default).ToListAsync();
            Assert.Equal(rows.Select(row => (row.Number, row.Key, row.Cursor)), again.Select(row => (row.Number, row.Key, row.Cursor)));
            var job = (await engine.Records.FindAsync(_id, default))!;
            Assert.Equal((150, 150 * 7, true), ((int)job.Counts.Objects, (int)job.Counts.Bytes, job.IsExpanded));
        }
    }

    [Fact]
    public async Task Carries_each_object_once_by_lanes_over_its_pages_also_when_their_messages_are_doubled()
    {
        await using var engine = new Engine(app, ("BulkUploads__Lanes", "2"));
        Write(".bin", [1, 2, 3, 4, 5, 6, 7]);
        Write(".jsonl", Lines(200));
        var dispatch = Assert.Single(await engine.RunAsync(Assert.Single(await PlanAsync(engine, ".jsonl"))));
        var lanes = (await engine.RunAsync(dispatch)).Cast<PageTask>().ToArray();
        Assert.Equal([(0, 2), (1, 2)], lanes.Select(lane => (lane.Page, lane.Stride)));
        var repeats = (await engine.RunAsync(dispatch)).ToArray();
        await engine.RunAllAsync([.. lanes, .. repeats, .. lanes]);
        var job = (await engine.Records.FindAsync(_id, default))!;
        Assert.Equal((BulkUploadState.Succeeded, 200), (job.State, (int)job.Counts.Succeeded));
        var stored = app.Stack.Oss.Requests.Where(request => request.Operation == "PutObject" && request.Key?.StartsWith(_name, StringComparison.Ordinal) == true);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{_name}/k{i}").Order(StringComparer.Ordinal), stored.Select(request => request.Key!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Forgets_a_job_and_all_its_rows_when_its_time_is_over_and_not_before()
    {
        await using var engine = new Engine(app);
        Write(".bin", [1, 2, 3, 4, 5, 6, 7]);
        Write(".jsonl", Lines(60));
        var job = await EndAsync(engine, ".jsonl");
        Assert.Equal(BulkUploadState.Succeeded, job.State);
        var early = new ForgetTask(_id, job.Epoch, DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal(early, Assert.Single(await engine.RunAsync(early)));
        Assert.NotEmpty(await RowsAsync());
        Assert.Empty(await engine.RunAsync(early with { Due = DateTimeOffset.UtcNow }));
        Assert.Empty(await RowsAsync());
        Assert.Equal(0, await app.Table("bulkuploadindex").QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"JobId eq {_id}")).CountAsync());
        Assert.Empty(await engine.RunAsync(early with { Due = DateTimeOffset.UtcNow }));

        async Task<List<TableEntity>> RowsAsync() => await app.Table("bulkuploads").QueryAsync<TableEntity>(row => row.PartitionKey == _id).ToListAsync();
    }

    [Fact]
    public async Task Writes_no_formula_into_its_report()
    {
        await using var engine = new Engine(app);
        Write(".jsonl", Encoding.UTF8.GetBytes($$"""{"file":"{{_name}}.gone","key":"=cmd|' /C calc'!A0"}"""));
        var job = await EndAsync(engine, ".jsonl", destination: "");
        var (container, name) = (job.Report!.Split('/', 2)[0], job.Report.Split('/', 2)[1]);
        var csv = (await app.Container(container).GetBlobClient($"{name}.csv").DownloadContentAsync()).Value.Content.ToString();
        var row = Assert.Single(csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1));
        Assert.Contains("\"'=cmd|' /C calc'!A0\"", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_a_server_that_drips_and_carries_the_others()
    {
        await using var source = new RawSource(async (head, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 200\r\nConnection: close\r\n\r\n"u8.ToArray(), token);
            for (var i = 0; i < 200; i++)
            {
                await stream.WriteAsync("a"u8.ToArray(), token);
                await Task.Delay(head.Contains("/drip", StringComparison.Ordinal) ? 100 : 0, token);
            }
        });
        await using var engine = new Engine(app, new FastClock(), ("BulkUploads__AllowedSourceHosts", source.Authority), ("BulkUploads__MaxAttempts", "1"));
        Write(".jsonl", Encoding.UTF8.GetBytes($$"""{"url":"http://{{source.Authority}}/drip","key":"a"}{{'\n'}}{"url":"http://{{source.Authority}}/good","key":"b"}"""));
        Assert.Equal(1, (await EndAsync(engine, ".jsonl")).Counts.Succeeded);
        var objects = await engine.Objects.ListAsync(_id, 0, 10, default).ToListAsync();
        Assert.Equal(["source_too_slow", null], objects.Select(found => found.Error?.Code));
    }

    /// <summary>Measures a hundred seconds for each; timers and dates are real.</summary>
    private sealed class FastClock : TimeProvider
    {
        private readonly long _start = TimeProvider.System.GetTimestamp();

        public override long GetTimestamp() => _start + (100 * (base.GetTimestamp() - _start));
    }

    private static (byte[] Line, string? Error) Line(string text, string? error = null) => (Encoding.UTF8.GetBytes(text), error);

    private static async Task AnswerAsync(string head, Stream stream, CancellationToken cancellationToken)
    {
        var answer = head.Split(' ')[1] switch
        {
            "/circle" => "HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "/range" => "HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nContent-Range: bytes 5-8/10\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndata",
            "/short" => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nda",
            "/packed" => "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndata",
            "/endless" => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndatadatadata",
            _ => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndata",
        };
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
    }

    private static byte[] Zip(string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(zip.CreateEntry("list.jsonl").Open()))
        {
            writer.Write(text);
        }

        return memory.ToArray();
    }

    private static byte[] Packed(Func<Stream, Stream> pack, string text)
    {
        var memory = new MemoryStream();
        using (var stream = pack(memory))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }

    private byte[] Lines(int count) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"file":"{{_name}}.bin","key":"k{{i}}","size":7}""" + "\n")));

    private string Path(string ending) => System.IO.Path.Combine(app.Stack.SourceFolder, _name + ending);

    private void Write(string ending, byte[] bytes) => File.WriteAllBytes(Path(ending), bytes);

    private async Task<IReadOnlyList<BulkUploadTask>> PlanAsync(Engine engine, string ending, string? destination = null)
    {
        var document = $$"""{"manifest":{"file":"{{_name}}{{ending}}"},"destination":"{{destination ?? _name + "/"}}","callback":false}""";
        var job = JsonSerializer.Deserialize(document, BulkUploadJson.Default.BulkUploadJob)!;
        Assert.Null(job.Refuse());
        return Assert.IsType<UploadStep.Continue>(await engine.Planner.PlanAsync(_id, job, default)).Tasks;
    }

    private async Task<BulkUploadRecord> EndAsync(Engine engine, string ending, string? destination = null)
    {
        await engine.RunAllAsync(await PlanAsync(engine, ending, destination));
        return (await engine.Records.FindAsync(_id, default))!;
    }
}
