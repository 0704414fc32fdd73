using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads;

public sealed class SliceTransferTests(RunningApp app)
{
    private const int Parts = 7;

    [Fact]
    public async Task Hands_the_rest_on_when_its_time_is_up_and_sends_no_part_twice()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var planning = OneLane();
        var slice = Assert.Single(await planning.RunUntilAsync<SliceTask>(id, job));
        var messages = 0;
        while (true)
        {
            messages++;
            var hurried = planning.Slices(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(2) });
            var next = Assert.Single(Assert.IsType<UploadStep.Continue>(await hurried.TransferAsync(slice, default)).Tasks);
            if (next is CompletionTask)
            {
                break;
            }

            var rest = Assert.IsType<SliceTask>(next);
            Assert.Equal((slice.First + 1, Parts), (rest.First, rest.Last));
            slice = rest;
        }

        Assert.Equal(Parts, messages);
        Assert.Equal(Enumerable.Range(1, Parts), PartsSent(job.Key!));
    }

    [Fact]
    public async Task Lets_one_of_two_messages_for_one_rest_go_on()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));

        // The worker died after it had handed the rest on, and before its own message was gone: that comes again.
        var first = await HurryAsync(slice);
        var second = await HurryAsync(slice);
        var next = await HurryAsync(first!);
        Assert.Equal((2, 3, 4), (first!.First, second!.First, next!.First));
        Assert.Null(await HurryAsync(second));
        Assert.Null(await HurryAsync(slice));
        await engine.RunAllAsync(next);
        Assert.Equal(Enumerable.Range(1, Parts), PartsSent(job.Key!));
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);

        async Task<SliceTask?> HurryAsync(SliceTask task) =>
            await engine.Slices(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(2) }).TransferAsync(task, default) is UploadStep.Continue step ? (SliceTask)step.Tasks[0] : null;
    }

    [Fact]
    public async Task Sends_nothing_again_when_its_message_comes_again()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<CompletionTask>(Assert.Single(await engine.RunAsync(slice)));
        }

        Assert.Equal(Enumerable.Range(1, Parts), PartsSent(job.Key!).Order());
    }

    [Fact]
    public async Task Fails_when_somebody_else_gave_the_upload_up()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));
        await app.Oss.AbortMultipartUploadAsync(Stack.Bucket, job.Key!, (await engine.Objects.FindAsync(id, 0, default))!.UploadId!);
        await engine.RunAllAsync(slice);
        var record = (await engine.Records.FindAsync(id, default))!;
        Assert.Equal((BulkUploadState.Failed, "upload_lost"), (record.State, record.Error!.Code));
    }

    [Fact]
    public async Task Lets_one_of_two_completions_make_the_object_and_that_one_go_on_after_a_crash()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));
        var first = Assert.IsType<CompletionTask>(Assert.Single(await engine.RunAsync(slice)));
        var second = Assert.IsType<CompletionTask>(Assert.Single(await engine.RunAsync(slice with { Wave = "other", Claim = "other" })));
        // A slice's message that comes again asks for the same.
        Assert.Equal(first, Assert.Single(await engine.RunAsync(slice)));

        // The first claimed the object and died before it did anything.
        await engine.Objects.UpdateAsync(id, 0, found => found with { State = UploadObjectState.Completing, Claim = first.Claim }, default);
        Assert.Empty(await engine.RunAsync(second));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, job.Key!));
        await engine.RunAllAsync(first);
        Assert.NotNull(await app.Oss.HeadObjectAsync(Stack.Bucket, job.Key!));
        Assert.Equal(BulkUploadState.Succeeded, (await engine.Records.FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task Finds_the_object_made_when_the_reply_to_its_completion_was_lost()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));
        var completion = Assert.IsType<CompletionTask>(Assert.Single(await engine.RunAsync(slice)));

        // As if the worker had died between OSS's reply and the note of it.
        var before = (await engine.Objects.FindAsync(id, 0, default))!;
        await engine.RunAsync(completion);
        var made = (await engine.Objects.FindAsync(id, 0, default))!;
        Assert.Equal(UploadObjectState.Succeeded, made.State);
        Assert.True(await engine.Objects.TrySaveAsync(before with { State = UploadObjectState.Completing, Claim = completion.Claim, Crc64 = made.Crc64, Version = made.Version }, default));
        await engine.RunAsync(completion);
        var found = (await engine.Objects.FindAsync(id, 0, default))!;
        Assert.Equal((UploadObjectState.Succeeded, "unknown: the reply was lost"), (found.State, found.Callback));
    }

    [Fact]
    public async Task Waits_for_the_note_that_its_upload_was_begun_and_drops_what_another_began()
    {
        var (job, id) = Engine.NewJob(app, Parts);
        await using var engine = OneLane();
        var slice = Assert.Single(await engine.RunUntilAsync<SliceTask>(id, job));
        var begun = (await engine.Objects.UpdateAsync(id, 0, found => found with { UploadId = null, State = UploadObjectState.Pending }, default))!;
        Assert.Equal(slice with { Attempt = 1 }, Assert.Single(await engine.RunAsync(slice)));
        await engine.Objects.UpdateAsync(id, 0, _ => begun with { Beginning = "another" }, default);
        Assert.Empty(await engine.RunAsync(slice));
        Assert.Empty(PartsSent(job.Key!));
    }

    private Engine OneLane() => new(app, ("BulkUploads__Lanes", "1"), ("BulkUploads__PartsInParallel", "1"));

    private IEnumerable<int> PartsSent(string key) =>
        app.Stack.Oss.Requests.Where(request => request.Operation == "UploadPart" && request.Key == key).Select(request => request.PartNumber!.Value);
}
