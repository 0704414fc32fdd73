using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>What the crash test found, moment by moment: what a worker does that comes after one who died, or beside one who lives.</summary>
public sealed class DeadWorkerTests(RunningApp app)
{
    [Fact]
    public async Task Takes_an_object_that_a_dead_worker_stored_for_its_own_though_none_may_be_replaced()
    {
        var (document, id) = Engine.NewJob(app, parts: 1);
        await using var engine = new Engine(app);
        var (job, found) = await BeginAsync(engine, document with { ForbidOverwrite = true }, id);
        await CarryAsync(engine, job, found, DateTimeOffset.UtcNow);
        var stored = (await engine.Objects.FindAsync(id, 0, default))!;

        // He died after OSS had stored it and before he noted it, and nobody came for a minute.
        Assert.True(await engine.Objects.TrySaveAsync(found with { Version = stored.Version }, default));
        await CarryAsync(engine, job, (await engine.Objects.FindAsync(id, 0, default))!, DateTimeOffset.UtcNow.AddMinutes(1));
        var again = (await engine.Objects.FindAsync(id, 0, default))!;
        Assert.Equal((UploadObjectState.Succeeded, stored.ETag), (again.State, again.ETag));
    }

    [Fact]
    public async Task Leaves_the_upload_alone_that_another_worker_has_begun_meanwhile()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var (job, found) = await BeginAsync(engine, document, id);

        // Both saw that somebody had meant to begin it, and died.
        var seen = await BeginAndDieAsync(engine, found);
        Assert.True(await CarryAsync(engine, job, seen, DateTimeOffset.UtcNow));
        Assert.False(await CarryAsync(engine, job, seen, DateTimeOffset.UtcNow));
        var begun = (await engine.Objects.FindAsync(id, 0, default))!;
        Assert.Equal(begun.UploadId, Assert.Single(await OpenAsync(document)).UploadId);
    }

    [Fact]
    public async Task Leaves_no_upload_open_of_one_who_was_overtaken_before_he_began_it_and_died_then()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var (_, found) = await BeginAsync(engine, document, id);
        await BeginAndDieAsync(engine, found);
        var pages = await PagesAsync(engine, id);
        var slices = await engine.RunAsync(pages[0]);
        await app.Oss.InitiateMultipartUploadAsync(Stack.Bucket, document.Key!);
        await engine.RunAllAsync([.. slices, .. pages[1..]]);
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
        Assert.Empty(await OpenAsync(document));
    }

    [Fact]
    public async Task Leaves_no_upload_open_of_an_object_that_was_given_up_before_its_id_was_noted()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var (_, found) = await BeginAsync(engine, document, id);
        await BeginAndDieAsync(engine, found);
        await app.Oss.InitiateMultipartUploadAsync(Stack.Bucket, document.Key!);
        await GiveUpAsync(engine, (await PagesAsync(engine, id))[0]);
        Assert.Equal((BulkUploadState.Failed, "worker_died"), await EndAsync(engine, id));
        Assert.Empty(await OpenAsync(document));
    }

    [Fact]
    public async Task Leaves_no_upload_open_of_a_job_that_failed_as_a_whole()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        await engine.RunUntilAsync<SliceTask>(id, document);
        Assert.Single(await OpenAsync(document));
        await GiveUpAsync(engine, new DispatchTask(id, 1));
        Assert.Equal((BulkUploadState.Failed, "worker_died"), await EndAsync(engine, id));
        Assert.Empty(await OpenAsync(document));
        Assert.Equal(UploadObjectState.Pending, (await engine.Objects.FindAsync(id, 0, default))!.State);
    }

    [Fact]
    public async Task Tries_a_slice_again_whose_workers_died_as_long_as_parts_are_stored()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var slices = await engine.RunUntilAsync<SliceTask>(id, document with { PartSize = OssLimits.MinPartSize });
        Assert.Null(await engine.Get<TaskProgress>().AdvancedAsync(slices[0], default));
        await engine.RunAsync(slices[1]);
        var again = Assert.IsType<SliceTask>(await engine.Get<TaskProgress>().AdvancedAsync(slices[0], default));
        Assert.Equal((1, slices[0]), (again.Progress, again with { Progress = 0 }));
        Assert.Null(await engine.Get<TaskProgress>().AdvancedAsync(again, default));
        await engine.RunAsync(slices[2]);
        await engine.RunAllAsync((await engine.Get<TaskProgress>().AdvancedAsync(again, default))!);
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task Tries_a_page_again_whose_workers_died_as_long_as_objects_of_it_end()
    {
        var (document, id) = Engine.NewJob(app, parts: 1);
        await using var engine = new Engine(app);
        var (job, found) = await BeginAsync(engine, document, id);
        var page = (await PagesAsync(engine, id))[0];
        Assert.Null(await engine.Get<TaskProgress>().AdvancedAsync(page, default));
        await CarryAsync(engine, job, found, DateTimeOffset.UtcNow);
        var again = await engine.Get<TaskProgress>().AdvancedAsync(page, default);
        Assert.Equal(1, again!.Progress);
        Assert.Null(await engine.Get<TaskProgress>().AdvancedAsync(again, default));
    }

    [Fact]
    public async Task Ends_a_job_whose_workers_died_over_what_came_after_its_object()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var slices = await engine.RunUntilAsync<SliceTask>(id, document);
        await engine.RunAsync(slices[0]);
        await engine.RunAsync(slices[1]);
        var completion = Assert.Single(await engine.RunAsync(slices[2]));
        await engine.RunAsync(completion);
        await GiveUpAsync(engine, completion);
        Assert.Equal((BulkUploadState.Succeeded, null), await EndAsync(engine, id));
    }

    [Fact]
    public async Task Calls_the_pages_driver_again_when_the_worker_died_that_sent_the_last_part_and_made_the_object()
    {
        var (document, id) = Engine.NewJob(app, parts: 2);
        await using var engine = new Engine(app);
        var slices = await engine.RunUntilAsync<SliceTask>(id, document);
        await engine.RunAsync(slices[0]);
        var completion = Assert.IsType<CompletionTask>(Assert.Single(await engine.RunAsync(slices[1])));

        // He had called the driver, and would have been him.
        Assert.IsType<PageTask>(Assert.Single(await engine.RunAsync(completion)));
        Assert.Empty(await engine.RunAsync(slices[0]));
        await engine.RunAllAsync(slices[1]);
        Assert.Equal((BulkUploadState.Succeeded, null), await EndAsync(engine, id));
    }

    [Fact]
    public async Task Calls_the_pages_driver_again_when_the_worker_died_that_gave_the_object_up()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var slices = await engine.RunUntilAsync<SliceTask>(id, document);
        File.SetLastWriteTimeUtc(Path.Combine(app.Stack.SourceFolder, document.Source!.File!), DateTime.UtcNow.AddHours(-1));
        Assert.IsType<PageTask>(Assert.Single(await engine.RunAsync(slices[1])));
        Assert.Empty(await engine.RunAsync(slices[0]));
        await engine.RunAllAsync(slices[1]);
        Assert.Equal((BulkUploadState.Failed, "source_changed"), await EndAsync(engine, id));
    }

    [Fact]
    public async Task Tells_why_an_object_was_given_up_also_when_another_lane_misses_its_upload_first()
    {
        var (document, id) = Engine.NewJob(app, parts: 3);
        await using var engine = new Engine(app);
        var slices = await engine.RunUntilAsync<SliceTask>(id, document);

        // He died after he had aborted it.
        var found = (await engine.Objects.UpdateAsync(id, 0, latest => latest with { Error = new BulkUploadError("source_changed", "It was changed.") }, default))!;
        await app.Oss.AbortMultipartUploadAsync(Stack.Bucket, found.Key, found.UploadId!);
        await engine.RunAllAsync(slices[1]);
        Assert.Equal((BulkUploadState.Failed, "source_changed"), await EndAsync(engine, id));
    }

    [Fact]
    public async Task Sends_an_expanded_job_on_its_way_when_the_worker_that_expanded_it_died()
    {
        var name = $"{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(Path.Combine(app.Stack.SourceFolder, name), "x");
        await File.WriteAllTextAsync(Path.Combine(app.Stack.SourceFolder, name + ".jsonl"), $$"""{"file":"{{name}}","key":"{{name}}"}""");
        await using var engine = new Engine(app);
        var id = Guid.NewGuid().ToString("N");
        var expand = Assert.Single(await engine.RunUntilAsync<ExpandTask>(id, new BulkUploadJob { Manifest = new BulkUploadManifest { File = name + ".jsonl" }, Callback = false }));
        await engine.RunAsync(expand);
        await engine.RunAllAsync(await engine.RunAsync(expand));
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
    }

    // Noted, and no more.
    private static async Task<UploadObject> BeginAndDieAsync(Engine engine, UploadObject found) =>
        (await engine.Objects.NoteBeginningAsync(found with { Beginning = "dead", StartedAt = DateTimeOffset.UtcNow }, default))!;

    private static async Task<List<BulkUploadTask>> PagesAsync(Engine engine, string id) => await engine.RunAsync(new DispatchTask(id, 1));

    // As when the host has given the message up.
    private static async Task GiveUpAsync(Engine engine, BulkUploadTask task) =>
        await engine.RunAllAsync(Assert.IsType<UploadStep.Continue>(await engine.Runner.GiveUpAsync(task, default)).Tasks.Where(next => next is not ForgetTask));

    private static async Task<(BulkUploadState State, string? Code)> EndAsync(Engine engine, string id)
    {
        var job = (await engine.Records.FindAsync(id, default))!;
        return (job.State, job.Error?.Code);
    }

    private async Task<List<ListedUpload>> OpenAsync(BulkUploadJob document) => await app.Oss.ListMultipartUploadsAsync(Stack.Bucket, document.Key!).ToListAsync();

    private static async Task<(BulkUploadRecord Job, UploadObject Found)> BeginAsync(Engine engine, BulkUploadJob document, string id)
    {
        await engine.RunUntilAsync<PageTask>(id, document);
        return ((await engine.Records.FindAsync(id, default))!, (await engine.Objects.FindAsync(id, 0, default))!);
    }

    // As the page's driver does, but for the counts.
    private static async Task<bool> CarryAsync(Engine engine, BulkUploadRecord job, UploadObject found, DateTimeOffset now)
    {
        var carried = await engine.Carrier(new FakeTimeProvider(now)).CarryAsync(job, found, _ => Task.CompletedTask, default);
        if (carried.Ended is { } ended)
        {
            Assert.True(await engine.Objects.TrySaveAsync(ended, default));
        }

        return carried.IsUnderWay;
    }
}
