using System.IO.Pipelines;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Writes what became of a job's objects: as CSV, as JSON lines, and as a manifest of those that failed. Beside the job's manifest when that is a blob, otherwise in container
/// <c>bulk-upload-reports</c> of the app's storage account. Block by block, so that a job of millions takes several messages, and a repeat writes the same blocks again.
/// </summary>
public sealed class BulkUploadReport(UploadObjects objects, UploadSources sources, StorageAccount storage)
{
    /// <summary>Container of the reports that have no place of their own.</summary>
    public const string Container = "bulk-upload-reports";

    private const int RowsOfBlock = 5000;
    private const int BlocksOfStep = 20;

    /// <summary>Writes the next blocks of a report, and puts the blobs together after the last.</summary>
    internal async Task<WrittenReport> WriteAsync(BulkUploadRecord job, FinishTask task, CancellationToken cancellationToken)
    {
        var (container, name) = job.Job.Manifest?.Blob is { } blob && !task.IsElsewhere ? Beside(blob, job.Id) : (await storage.ContainerAsync(Container), job.Id + "/report");
        try
        {
            for (var block = 0; block < BlocksOfStep; block++)
            {
                if (await WriteBlockAsync(container, name, job, task, cancellationToken) is not { } next)
                {
                    await CommitAsync(container, name, job, cancellationToken);
                    return new WrittenReport($"{container.Name}/{name}", null);
                }

                task = next;
            }

            return new WrittenReport(name, task);
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403 or 404 && !task.IsElsewhere && job.Job.Manifest?.Blob is not null)
        {
            // The manifest's container can be read, and that is all.
            return new WrittenReport(name, new FinishTask(task.JobId, task.Epoch) { IsElsewhere = true });
        }
    }

    /// <returns>Where the next block goes on; null: there are no more objects.</returns>
    private async Task<FinishTask?> WriteBlockAsync(BlobContainerClient container, string name, BulkUploadRecord job, FinishTask task, CancellationToken cancellationToken)
    {
        using var csv = new MemoryStream();
        using var jsonLines = new MemoryStream();
        using var failed = new MemoryStream();
        var rows = await WriteRowsAsync(job, task, csv, jsonLines, failed, cancellationToken);
        if (rows == 0 && task.Block > 0)
        {
            return null;
        }

        foreach (var (stream, ending) in ((MemoryStream, string)[])[(csv, Csv), (jsonLines, JsonLines), (failed, Failed)])
        {
            if (stream.Length > 0)
            {
                stream.Position = 0;
                await container.GetBlockBlobClient(name + ending).StageBlockAsync(BlockId(task.Block), stream, cancellationToken: cancellationToken);
            }
        }

        return task with { From = task.From + rows, Block = task.Block + 1 };
    }

    private async Task<int> WriteRowsAsync(BulkUploadRecord job, FinishTask task, Stream csv, Stream jsonLines, Stream failed, CancellationToken cancellationToken)
    {
        using var csvRows = new ReportWriter(PipeWriter.Create(csv), isCsv: true);
        using var jsonRows = new ReportWriter(PipeWriter.Create(jsonLines), isCsv: false);
        using var entries = new FailedManifest(PipeWriter.Create(failed));
        if (task.Block == 0)
        {
            csvRows.WriteHeader();
        }

        var count = 0;
        await foreach (var found in objects.ListAsync(job.Id, task.From, Math.Min(task.From + RowsOfBlock, UploadObjectRows.End), cancellationToken))
        {
            var row = Row(job, found);
            await csvRows.WriteAsync(row, cancellationToken);
            await jsonRows.WriteAsync(row, cancellationToken);
            if (found is { State: UploadObjectState.Failed, StartedAt: not null })
            {
                await entries.WriteAsync(found.Entry, cancellationToken);
            }

            count++;
        }

        await csvRows.FlushAsync(cancellationToken);
        await jsonRows.FlushAsync(cancellationToken);
        await entries.FlushAsync(cancellationToken);
        return count;
    }

    private static async Task CommitAsync(BlobContainerClient container, string name, BulkUploadRecord job, CancellationToken cancellationToken)
    {
        foreach (var (ending, type) in ((string, string)[])[(Csv, "text/csv; charset=utf-8"), (JsonLines, "application/jsonl"), (Failed, "application/jsonl")])
        {
            var blob = container.GetBlockBlobClient(name + ending);
            // A block of nothing was not staged.
            var staged = await StagedAsync(blob, cancellationToken);
            if (ending == Failed && job.Counts.Failed == 0)
            {
                // Of an earlier attempt of the job.
                await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }
            else if (staged.Count > 0)
            {
                await blob.CommitBlockListAsync(staged, new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = type } }, cancellationToken);
            }
        }
    }

    private static async Task<List<string>> StagedAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var list = (await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken)).Value;
            return [.. list.UncommittedBlocks.Select(block => block.Name).Order(StringComparer.Ordinal)];
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }
    }

    private (BlobContainerClient Container, string Name) Beside(string manifest, string jobId)
    {
        var (container, path) = sources.FindContainer(manifest);
        return (container, $"{path}.{jobId}.report");
    }

    private static ReportRow Row(BulkUploadRecord job, UploadObject found) => new()
    {
        Number = found.Number + 1,
        Key = found.Key,
        Source = found.Entry.Source,
        State = (!found.IsFinal && job.State == BulkUploadState.Canceling ? UploadObjectState.Canceled : found.State).ToString(),
        Size = found.Facts?.Size ?? found.Entry.Size,
        ETag = found.ETagText,
        Crc64 = found.Crc64Text,
        Attempts = found.Attempts,
        Error = found.Error,
        Started = found.StartedAt,
        Ended = found.EndedAt,
    };

    private const string Csv = ".csv";
    private const string JsonLines = ".jsonl";
    private const string Failed = ".failed.jsonl";

    // Of one length, and in the order of their numbers.
    private static string BlockId(int block) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{block:D8}"));
}

/// <summary>What there is of a report.</summary>
/// <param name="Name">Container and name of its blobs, without their endings.</param>
/// <param name="Next">The message that goes on; null: it is written.</param>
internal sealed record WrittenReport(string Name, FinishTask? Next);
