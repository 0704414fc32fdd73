namespace OssCallbackFunctions.BulkUploads;

/// <summary>Has the objects that failed tried again: so many at a time, each once.</summary>
public sealed class BulkUploadReopening(BulkUploadRecords records, UploadObjects objects, UploadObjectCounting counting)
{
    private const int AtOnce = 32;
    private const int StepsOfMessage = 100;

    internal async Task<UploadStep> ReopenAsync(ReopenTask task, CancellationToken cancellationToken)
    {
        for (var step = 0; step < StepsOfMessage; step++)
        {
            if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || !job.IsRunning(task.Epoch))
            {
                return UploadStep.Done;
            }

            var numbers = await objects.IndexedAsync(job.Id, UploadObjectRows.Failed(task.From), AtOnce, cancellationToken);
            if (numbers.Count == 0)
            {
                return new UploadStep.Continue(new DispatchTask(job.Id, job.Epoch));
            }

            var failed = new List<UploadObject>();
            foreach (var number in numbers)
            {
                // What could not even be begun, such as a line that cannot be read, will not be the next time either.
                if (await objects.FindAsync(job.Id, number, cancellationToken) is { State: UploadObjectState.Failed, IsCounted: true } found && found.StartedAt is not null)
                {
                    failed.Add(found);
                }
            }

            if (failed.Count == 0 || await counting.TryReopenAsync(job, failed, cancellationToken))
            {
                task = task with { From = numbers[^1] + 1 };
            }
        }

        return new UploadStep.Continue(task);
    }
}
