namespace Sandbox.Scenarios;

/// <summary>
/// A multipart upload whose worker is killed in the middle and started again: the queue gives its messages to the new worker, which sends what OSS does not have yet.
/// </summary>
internal sealed class ResumableUpload : Scenario
{
    private const int PartSize = 128 * 1024;
    private const int Parts = 640;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public override string Name => "d. resumable upload, worker killed";

    public override string Key => "a/../b/断点续传 🚀.bin";

    public override long Size => Parts * (long)PartSize - 1;

    protected override async Task<(string UploadId, string CallbackSaid)> UploadAsync(
        Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var accepted = await app.PostAsync("/api/bulk-uploads", new { source = new { file = file.Name }, key = Key, partSize = PartSize }, cancellationToken);
        var id = accepted.GetProperty("id").GetString()!;
        await WaitForPartsAsync(stack, Parts / 4, cancellationToken);
        await stack.App.KillAsync();
        var (requestsAtKill, stored) = await SettleAsync(stack, cancellationToken);
        if (stored.Count >= Parts)
        {
            throw new InvalidOperationException("The upload was over before the worker could be killed.");
        }

        onBytes(stored.Count * (long)PartSize);
        await stack.App.StartAsync(cancellationToken);
        var job = await app.WaitForJobAsync(id, onBytes, Timeout, cancellationToken);
        var sentAgain = stack.Oss.Requests.Skip(requestsAtKill).Count(request => IsPart(request) && stored.Contains(request.PartNumber!.Value));
        return sentAgain > 0
            ? throw new InvalidOperationException($"{sentAgain} of {stored.Count} parts that OSS had were sent again.")
            : (id, job.GetProperty("callback").GetString()!);
    }

    private async Task WaitForPartsAsync(Stack stack, int count, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        while (StoredParts(stack).Count < count)
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    /// <summary>What OSS has once the requests that were under way when the worker died are dealt with.</summary>
    private async Task<(int Requests, HashSet<int> Stored)> SettleAsync(Stack stack, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = stack.Oss.Requests.Count;
            await Task.Delay(300, cancellationToken);
            if (stack.Oss.Requests.Count == before)
            {
                return (before, StoredParts(stack));
            }
        }
    }

    private HashSet<int> StoredParts(Stack stack) => [.. stack.Oss.Requests.Where(request => IsPart(request) && request.Status == 200).Select(request => request.PartNumber!.Value)];

    private bool IsPart(Oss.Emulator.RecordedRequest request) => request.Operation == "UploadPart" && request.Key == Key;
}
