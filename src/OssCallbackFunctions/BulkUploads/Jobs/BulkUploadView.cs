using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Tells how far jobs and their objects are.</summary>
public sealed class BulkUploadView(BulkUploadRecords records, UploadObjects objects, OssClient oss, TimeProvider clock, IOptions<OssOptions> ossOptions)
{
    private const int MaxPage = 1000;
    private const int UsualPage = 100;

    // Objects that are looked at in vain before the caller is asked to come again.
    private const int MaxLooked = 20_000;

    /// <summary>How far a job is.</summary>
    internal async Task<Outcome<BulkUploadStatus>> FindAsync(string id, CancellationToken cancellationToken) =>
        BulkUploadJob.IsId(id) && await records.FindAsync(id, cancellationToken) is { } record ? await OfAsync(record, cancellationToken) : Problem.JobNotFound;

    /// <summary>Jobs, the newest first; of one state, or of any.</summary>
    internal async Task<Outcome<BulkUploadList>> ListAsync(string? state, string? after, string? count, CancellationToken cancellationToken)
    {
        if (Count(count) is not { } most || (state is not null && !Enum.TryParse<BulkUploadState>(state, ignoreCase: true, out _)))
        {
            return Problem.InvalidQuery.With($"count is 1 to {MaxPage}, state one of {string.Join(", ", Enum.GetNames<BulkUploadState>())}.");
        }

        var (jobs, next) = await records.ListAsync(after, most, cancellationToken);
        var wanted = state is null ? jobs : [.. jobs.Where(job => job.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))];
        return new BulkUploadList([.. wanted.Select(job => Describe(job, null, [], 0))], next);
    }

    /// <summary>Objects of a job; of one state, or of any.</summary>
    internal async Task<Outcome<UploadObjectList>> ObjectsAsync(string id, string? state, string? after, string? count, CancellationToken cancellationToken)
    {
        if (!BulkUploadJob.IsId(id) || await records.FindAsync(id, cancellationToken) is not { } job)
        {
            return Problem.JobNotFound;
        }

        UploadObjectState? wanted = Enum.TryParse<UploadObjectState>(state, ignoreCase: true, out var parsed) ? parsed : null;
        if (Count(count) is not { } most || (state is not null && wanted is null) || !TryAfter(after, out var first))
        {
            return Problem.InvalidQuery.With($"count is 1 to {MaxPage}, after what next was, state one of {string.Join(", ", Enum.GetNames<UploadObjectState>())}.");
        }

        return wanted is UploadObjectState.Failed ? await IndexedAsync(job, UploadObjectRows.Failed(first), most, cancellationToken)
            : await LookedForAsync(job, wanted, first, most, cancellationToken);
    }

    /// <summary>A job; of one with a single object, while it runs, OSS is asked which parts it has.</summary>
    internal async Task<BulkUploadStatus> OfAsync(BulkUploadRecord job, CancellationToken cancellationToken)
    {
        var only = job.Job.IsSingle ? await objects.FindAsync(job.Id, 0, cancellationToken) : null;
        if (only is not { State: UploadObjectState.Uploading or UploadObjectState.Completing } || job.IsFinal)
        {
            return Describe(job, only, [], 0);
        }

        try
        {
            var parts = await UploadParts.ListValidAsync(oss, ossOptions.Value.Bucket, only, cancellationToken);
            return Describe(job, only, [.. parts.Values], parts.Values.Sum(part => part.Size));
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Made into the object a moment ago.
            return Describe(await records.FindAsync(job.Id, cancellationToken) ?? job, await objects.FindAsync(job.Id, 0, cancellationToken) ?? only, [], 0);
        }
    }

    private async Task<Outcome<UploadObjectList>> IndexedAsync(BulkUploadRecord job, string first, int count, CancellationToken cancellationToken)
    {
        var numbers = await objects.IndexedAsync(job.Id, first, count, cancellationToken);
        var found = new List<UploadObjectStatus>();
        foreach (var number in numbers)
        {
            if (await objects.FindAsync(job.Id, number, cancellationToken) is { } one)
            {
                found.Add(Describe(one));
            }
        }

        return new UploadObjectList(found, numbers.Count == count ? Text(numbers[^1]) : null);
    }

    private async Task<Outcome<UploadObjectList>> LookedForAsync(BulkUploadRecord job, UploadObjectState? state, long first, int count, CancellationToken cancellationToken)
    {
        var found = new List<UploadObjectStatus>();
        var looked = 0;
        await foreach (var one in objects.ListAsync(job.Id, first, UploadObjectRows.End, cancellationToken))
        {
            looked++;
            if (state is null || one.State == state)
            {
                found.Add(Describe(one));
            }

            if (found.Count == count || looked == MaxLooked)
            {
                return new UploadObjectList(found, Text(one.Number));
            }
        }

        return new UploadObjectList(found, null);
    }

    private BulkUploadStatus Describe(BulkUploadRecord job, UploadObject? only, IReadOnlyCollection<UploadedPart> parts, long bytes)
    {
        var isStored = only?.State == UploadObjectState.Succeeded;
        var done = job.Job.DryRun ? 0 : Math.Max(job.Counts.BytesDone, isStored ? only!.Facts!.Size : bytes);
        long? size = job.Job.IsSingle ? only?.Facts?.Size ?? job.Job.Size : job.Counts.Bytes;
        var rate = BulkUploadRate.Of(job, done, size, clock.GetUtcNow());
        return new BulkUploadStatus
        {
            Id = job.Id,
            State = job.State,
            Bucket = ossOptions.Value.Bucket,
            Key = job.Job.Key,
            Destination = job.Job.Destination,
            DryRun = job.Job.DryRun,
            Expanded = job.IsExpanded,
            Counts = job.Counts,
            Size = size,
            BytesDone = done,
            PartCount = only?.Facts is null ? null : only.Plan.PartCount,
            PartsDone = only is null ? null : isStored ? only.Plan.PartCount : parts.Count,
            BytesPerSecond = rate?.BytesPerSecond,
            SecondsLeft = rate?.SecondsLeft,
            Controls = job.Controls,
            CreatedAt = job.CreatedAt,
            UpdatedAt = job.UpdatedAt,
            StartedAt = job.StartedAt,
            EndedAt = job.EndedAt,
            Attempts = only?.Attempts,
            ETag = only?.ETagText,
            Crc64 = only?.Crc64Text,
            Callback = only?.Callback,
            Report = job.Report,
            Error = job.Error ?? (job.IsFinal ? null : only?.Error),
        };
    }

    private static UploadObjectStatus Describe(UploadObject one) => new()
    {
        Number = one.Number + 1,
        Key = one.Key,
        Source = one.Entry.SourceText,
        State = one.State,
        Size = one.Facts?.Size ?? one.Entry.Size,
        ETag = one.ETagText,
        Crc64 = one.Crc64Text,
        Attempts = one.Attempts,
        Callback = one.Callback,
        StartedAt = one.StartedAt,
        EndedAt = one.EndedAt,
        Error = one.Error,
    };

    private static int? Count(string? text) => text is null ? UsualPage : int.TryParse(text, out var count) && count is >= 1 and <= MaxPage ? count : null;

    private static bool TryAfter(string? text, out long first)
    {
        var isNumber = long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var after);
        first = isNumber ? after + 1 : 0;
        return text is null || isNumber;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
