using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>One message does what comes next while it has had little of its time.</summary>
public sealed class NextStepTests(RunningApp app)
{
    [Fact]
    public async Task Whoever_sends_the_last_part_makes_the_object_and_ends_the_job()
    {
        await using var engine = new Engine(app);
        var (id, last) = await UntilLastSliceAsync(engine);
        await engine.Functions(TimeProvider.System).WorkAsync(Message(last), default);
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task Whoever_has_had_his_time_leaves_it_to_another_message()
    {
        await using var engine = new Engine(app);
        var (id, last) = await UntilLastSliceAsync(engine);
        await engine.Functions(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) }).WorkAsync(Message(last), default);
        await RunningApp.EventuallyAsync(async () => (await engine.Records.FindAsync(id, default))!.State == BulkUploadState.Succeeded ? engine : null);
        // The app that runs beside this has had that message.
        Assert.NotNull((await engine.Objects.FindAsync(id, 0, default))!.Claim);
    }

    private async Task<(string Id, SliceTask Last)> UntilLastSliceAsync(Engine engine)
    {
        var (job, id) = Engine.NewJob(app, parts: 4);
        var slices = await engine.RunUntilAsync<SliceTask>(id, job with { PartSize = 102_400, Callback = false });
        foreach (var slice in slices[..^1])
        {
            Assert.Empty(await engine.RunAsync(slice));
        }

        return (id, slices[^1]);
    }

    private static string Message(BulkUploadTask task) => JsonSerializer.Serialize(task, BulkUploadJson.Default.BulkUploadTask);
}
