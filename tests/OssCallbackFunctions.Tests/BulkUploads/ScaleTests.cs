using System.Globalization;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>What jobs take grows with their objects, and no faster; benchmarks measure the same with many more.</summary>
public sealed class ScaleTests(RunningApp app)
{
    // A 48th of its page's: a transaction that adds, one that claims, two that save and count, and those that look; more when they look often, since it takes long.
    private const double MostCallsOfObject = 0.4;

    // The job's row, its beginning and end, and its report.
    private const int MostCallsOfJob = 60;

    // Plan, expansion, dispatch, 16 lanes, finish, and the one that remembers to remove it.
    private const int MostMessagesOfJob = 21;

    [Fact]
    public async Task Takes_as_many_storage_calls_for_each_of_many_objects_as_for_each_of_few_and_no_more_messages()
    {
        await using var engine = new Engine(app);
        await RunAsync(engine, Manifest(1), true);
        var few = await RunAsync(engine, Manifest(192), true);
        var many = await RunAsync(engine, Manifest(768), true);
        Assert.InRange(few.Calls, 192 / UploadPage.Size, (192 * MostCallsOfObject) + MostCallsOfJob);
        Assert.InRange(many.Calls, 768 / UploadPage.Size, (768 * MostCallsOfObject) + MostCallsOfJob);
        Assert.InRange(few.Messages, 1, MostMessagesOfJob);
        Assert.InRange(many.Messages, 1, MostMessagesOfJob);
    }

    [Fact]
    public async Task Takes_no_more_storage_calls_and_messages_for_many_parts_than_for_few()
    {
        await using var engine = new Engine(app);
        await RunAsync(engine, Parts(16), false);
        var few = await RunAsync(engine, Parts(16), false);
        var many = await RunAsync(engine, Parts(64), false);
        Assert.InRange(few.Calls, 1, 250);
        Assert.Equal(few.Messages, many.Messages);
        // The job is looked at every 2 s: more often when it takes longer.
        Assert.InRange(many.Calls - few.Calls, -20, 20);
    }

    [Fact]
    public async Task Takes_no_more_of_a_long_manifest_than_a_hundred_pages_at_a_time()
    {
        await using var engine = new Engine(app);
        var expand = Assert.Single(await engine.RunUntilAsync<ExpandTask>(Guid.NewGuid().ToString("N"), Manifest(5_000)));
        var next = Assert.IsType<ExpandTask>(Assert.Single(await engine.RunAsync(expand)));
        Assert.Equal((4_800, false), (next.Number, (await engine.Records.FindAsync(next.JobId, default))!.IsExpanded));
        Assert.IsType<DispatchTask>(Assert.Single(await engine.RunAsync(next)));
        Assert.Equal((5_000, true), ((await engine.Records.FindAsync(next.JobId, default))!.Counts.Objects, (await engine.Records.FindAsync(next.JobId, default))!.IsExpanded));
    }

    [Fact]
    public void Cuts_the_largest_object_into_as_many_parts_as_OSS_takes_none_of_them_too_large()
    {
        var plan = UploadPlan.For(OssLimits.MaxObjectSize, new BulkUploadOptions().PartSize);
        Assert.InRange(plan.PartCount, 1, OssLimits.MaxPartCount);
        Assert.InRange(plan.PartSize, OssLimits.MinPartSize, OssLimits.MaxSimpleUploadSize);
        Assert.Equal(OssLimits.MaxObjectSize, Enumerable.Range(1, plan.PartCount).Sum(number => plan.Part(number).Length));
    }

    private async Task<(int Calls, int Messages)> RunAsync(Engine engine, BulkUploadJob job, bool isDry)
    {
        var id = Guid.NewGuid().ToString("N");
        using var calls = new StorageCalls(app.Stack.StorageConnectionString);
        var planned = await engine.Planner.PlanAsync(id, job with { DryRun = isDry, Callback = false }, default);
        var left = new Queue<BulkUploadTask>(Assert.IsType<UploadStep.Continue>(planned).Tasks);
        var messages = 1;
        for (; left.TryDequeue(out var next); messages++)
        {
            foreach (var task in next is ForgetTask ? [] : await engine.RunAsync(next))
            {
                left.Enqueue(task);
            }
        }

        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
        return (calls.Count, messages);
    }

    /// <summary>A manifest of so many objects, all with the byte of one file.</summary>
    private BulkUploadJob Manifest(int lines)
    {
        var name = $"{Guid.NewGuid():N}";
        File.WriteAllBytes(Path.Combine(app.Stack.SourceFolder, name), [1]);
        File.WriteAllLines(
            Path.Combine(app.Stack.SourceFolder, name + ".jsonl"),
            Enumerable.Range(0, lines).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{"file":"{{name}}","key":"{{number:D8}}"}""")));
        return new BulkUploadJob { Manifest = new BulkUploadManifest { File = name + ".jsonl" }, Destination = name + "/" };
    }

    private BulkUploadJob Parts(int count) => Engine.NewJob(app, count).Job with { PartSize = OssLimits.MinPartSize };
}
