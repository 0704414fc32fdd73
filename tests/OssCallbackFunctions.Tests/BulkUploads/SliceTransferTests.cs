using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Storage;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>Steps of a job called one by one, with real storage and a real OSS, so that time can be staged.</summary>
public sealed class SliceTransferTests(RunningApp app)
{
    private const int PartSize = 102_400;
    private const int Parts = 7;

    [Fact]
    public async Task Hands_the_rest_on_when_its_time_is_up_and_sends_no_part_twice()
    {
        var (job, id) = NewJob();
        var slice = Assert.Single(Assert.IsType<UploadStep.Continue>(await Planner().PlanAsync(id, job, default)).Slices);
        var messages = 0;
        while (true)
        {
            messages++;
            var step = Assert.IsType<UploadStep.Continue>(await Transfer(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromHours(1) }).TransferAsync(slice, default));
            if (step.Completion is not null)
            {
                break;
            }

            var rest = Assert.Single(step.Slices);
            Assert.Equal((slice.First + 1, Parts), (rest.First, rest.Last));
            slice = rest;
        }

        Assert.Equal(Parts, messages);
        Assert.Equal(Enumerable.Range(1, Parts), PartsSent(job.Key!));
    }

    [Fact]
    public async Task Sends_nothing_again_when_its_message_comes_again()
    {
        var (job, id) = NewJob();
        var slice = Assert.Single(Assert.IsType<UploadStep.Continue>(await Planner().PlanAsync(id, job, default)).Slices);
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(Assert.IsType<UploadStep.Continue>(await Transfer(TimeProvider.System).TransferAsync(slice, default)).Completion);
        }

        Assert.Equal(Enumerable.Range(1, Parts), PartsSent(job.Key!).Order());
    }

    [Fact]
    public async Task Asks_the_completion_when_the_upload_is_gone()
    {
        var (job, id) = NewJob();
        var slice = Assert.Single(Assert.IsType<UploadStep.Continue>(await Planner().PlanAsync(id, job, default)).Slices);
        await app.Oss.AbortMultipartUploadAsync(Stack.Bucket, job.Key!, (await Records().FindAsync(id, default))!.UploadId!);
        var asked = Assert.IsType<UploadStep.Continue>(await Transfer(TimeProvider.System).TransferAsync(slice, default)).Completion!;
        var failed = Assert.IsType<UploadStep.Failed>(await Completion().CompleteAsync(asked, default));
        Assert.Equal("upload_lost", failed.Error.Code);
    }

    [Fact]
    public async Task Lets_one_of_two_completions_make_the_object_and_that_one_go_on_after_a_crash()
    {
        var (job, id) = NewJob();
        var slice = Assert.Single(Assert.IsType<UploadStep.Continue>(await Planner().PlanAsync(id, job, default)).Slices);
        var first = Assert.IsType<UploadStep.Continue>(await Transfer(TimeProvider.System).TransferAsync(slice, default)).Completion!;
        var second = Assert.IsType<UploadStep.Continue>(await Transfer(TimeProvider.System).TransferAsync(slice, default)).Completion!;

        // The first claimed the job and died before it did anything.
        await Records().UpdateAsync(id, record => record with { State = BulkUploadState.Completing, Claim = first.Claim }, default);
        await Completion().CompleteAsync(second, default);
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, job.Key!));
        await Completion().CompleteAsync(first, default);
        Assert.NotNull(await app.Oss.HeadObjectAsync(Stack.Bucket, job.Key!));
        Assert.Equal(BulkUploadState.Succeeded, (await Records().FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task Finds_the_object_made_when_the_reply_to_its_completion_was_lost()
    {
        var (job, id) = NewJob();
        var slice = Assert.Single(Assert.IsType<UploadStep.Continue>(await Planner().PlanAsync(id, job, default)).Slices);
        var message = Assert.IsType<UploadStep.Continue>(await Transfer(TimeProvider.System).TransferAsync(slice, default)).Completion!;
        await Completion().CompleteAsync(message, default);

        // As if the worker had died between OSS's reply and the note of it.
        await Records().UpdateAsync(id, record => record with { State = BulkUploadState.Completing, ETag = null, Callback = null }, default);
        await Completion().CompleteAsync(message, default);
        var record = (await Records().FindAsync(id, default))!;
        Assert.Equal((BulkUploadState.Succeeded, "unknown: the reply was lost"), (record.State, record.Callback));
    }

    private static IOptions<OssOptions> Bucket => Options.Create(new OssOptions { Bucket = Stack.Bucket });

    private IOptions<BulkUploadOptions> BulkOptions =>
        Options.Create(new BulkUploadOptions { FileRoot = app.Stack.SourceFolder, PartSize = PartSize, PartsPerSlice = 100, PartsInParallel = 1 });

    private (BulkUploadJob Job, string Id) NewJob()
    {
        var name = $"{Guid.NewGuid():N}.bin";
        File.WriteAllBytes(Path.Combine(app.Stack.SourceFolder, name), RandomNumberGenerator.GetBytes(PartSize * Parts - 1));
        return (new BulkUploadJob { Source = new BulkUploadSource { File = name }, Key = RunningApp.NewKey() }, Guid.NewGuid().ToString("N"));
    }

    private BulkUploadRecords Records() =>
        new(new StorageAccount(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString })), TimeProvider.System);

    private BulkUploadPlanner Planner() => new(Records(), new UploadSources(BulkOptions, app.Oss, TimeProvider.System), app.Oss, BulkOptions, Bucket);

    private SliceTransfer Transfer(TimeProvider clock) =>
        new(Records(), new UploadSources(BulkOptions, app.Oss, TimeProvider.System), app.Oss, clock, () => Guid.NewGuid().ToString("N"), BulkOptions, Bucket);

    // Callbacks go to an address that nobody serves: they fail, and the objects stay.
    private BulkUploadCompletion Completion() => new(
        Records(), new UploadSources(BulkOptions, app.Oss, TimeProvider.System), app.Oss,
        new OssCallbackFunctions.Grants.CallbackAddress(
            Options.Create(new OssCallbackFunctions.Grants.CallbackAddressOptions { PublicBaseUrl = "http://127.0.0.1:1" }),
            new OssCallbackFunctions.Grants.UploadGrants(Options.Create(new OssCallbackFunctions.Grants.GrantOptions { Secret = Convert.ToBase64String(new byte[32]) }), TimeProvider.System)),
        new OssCallbackFunctions.Grants.UploadLedger(
            new StorageAccount(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString })), TimeProvider.System,
            Options.Create(new OssCallbackFunctions.Grants.LedgerOptions())),
        TimeProvider.System, BulkOptions, Bucket);

    private IEnumerable<int> PartsSent(string key) =>
        app.Stack.Oss.Requests.Where(request => request.Operation == "UploadPart" && request.Key == key).Select(request => request.PartNumber!.Value);
}
