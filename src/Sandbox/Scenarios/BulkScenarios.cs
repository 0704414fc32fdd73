namespace Sandbox.Scenarios;

/// <summary>A file of one part: the app stores it by PutObject. The job is put on the queue, as ops teams do.</summary>
internal sealed class SimpleUpload : Scenario
{
    public override string Name => "a. simple upload (PutObject)";

    public override string Key => "exampledir/exampleobject.txt";

    public override long Size => 3 * 1024 * 1024 + 7;

    protected override async Task<(string UploadId, string CallbackSaid)> UploadAsync(
        Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        await app.EnqueueAsync(new { v = 1, id, source = new { file = file.Name }, key = Key, contentType = "text/plain" }, cancellationToken);
        var job = await app.WaitForJobAsync(id, onBytes, TimeSpan.FromMinutes(1), cancellationToken);
        return (id, job.GetProperty("callback").GetString()!);
    }
}

/// <summary>A file of many parts, by multipart upload; the job is posted to the endpoint.</summary>
internal sealed class MultipartUpload(int sizeMiB) : Scenario
{
    // A slow machine moves 10 MB a second.
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(120 + sizeMiB / 10);

    public override string Name => "b. multipart upload";

    public override string Key => "多段/big file + 100%.bin";

    public override long Size => sizeMiB * 1024L * 1024 + 13;

    protected override async Task<(string UploadId, string CallbackSaid)> UploadAsync(
        Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var accepted = await app.PostAsync("/api/bulk-uploads", new { source = new { file = file.Name }, key = Key }, cancellationToken);
        var id = accepted.GetProperty("id").GetString()!;
        var job = await app.WaitForJobAsync(id, onBytes, _timeout, cancellationToken);
        return (id, job.GetProperty("callback").GetString()!);
    }
}
