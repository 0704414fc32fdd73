using System.Globalization;
using System.Runtime.CompilerServices;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The objects that a job's manifest names, or that are below its prefix, one by one, from any cursor on.</summary>
public sealed class UploadEntries(UploadSources sources)
{
    /// <summary>What pins the manifest; null: the job has none.</summary>
    /// <exception cref="SourceException">It is not there, or cannot be used.</exception>
    internal async Task<SourceFacts?> PinAsync(BulkUploadJob job, CancellationToken cancellationToken) =>
        job.Manifest is { } manifest ? await sources.Find(manifest.Source).ProbeAsync(cancellationToken) : null;

    /// <summary>The objects, in the order of their cursors, without numbers. A line that cannot be used is an object that has failed.</summary>
    internal async IAsyncEnumerable<UploadObject> ReadAsync(
        BulkUploadRecord job, SourceFacts? pinned, string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = job.Job.Manifest is { } manifest ? LinesAsync(job, manifest, pinned!, cursor, cancellationToken) : ListedAsync(job, cursor, cancellationToken);
        await foreach (var found in read)
        {
            yield return found;
        }
    }

    private async IAsyncEnumerable<UploadObject> LinesAsync(
        BulkUploadRecord job, BulkUploadManifest manifest, SourceFacts pinned, string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (source, filter) = (sources.Find(manifest.Source), job.Job.Filter);
        var format = manifest.FormatOrByName!.Value;
        var start = cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture);
        string? header = null;
        if (start > 0 && format == ManifestFormat.Csv)
        {
            await using var beginning = await source.Open(new PartRange(1, 0, pinned.Size), pinned).OpenAsync(cancellationToken);
            header = (await ManifestReader.ReadHeaderAsync(beginning, format, cancellationToken)).Text;
        }

        if (start >= pinned.Size)
        {
            yield break;
        }

        await using var stream = await source.Open(new PartRange(1, start, pinned.Size - start), pinned).OpenAsync(cancellationToken);
        await foreach (var line in ManifestReader.ReadAsync(stream, start, format, header, cancellationToken))
        {
            var next = line.Next.ToString(CultureInfo.InvariantCulture);
            if (line.Entry is { } entry)
            {
                if (Make(job, filter, entry, next) is { } found)
                {
                    yield return found;
                }
            }
            else
            {
                yield return Failed(job, new ManifestEntry { Source = new BulkUploadSource(), Key = "" }, next, line.Error! with { Message = $"Byte {line.Start} of the manifest: {line.Error.Message} {line.Text}" });
            }
        }
    }

    private async IAsyncEnumerable<UploadObject> ListedAsync(BulkUploadRecord job, string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = job.Job.Filter;
        await foreach (var listed in sources.FindLister(job.Job.Prefix!).ListAsync(cursor, cancellationToken))
        {
            if (Make(job, filter, new ManifestEntry { Source = listed.Source, Key = listed.Path, Size = listed.Facts?.Size }, listed.Cursor) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>An object of an entry; null: the job's patterns leave it out.</summary>
    private static UploadObject? Make(BulkUploadRecord job, ObjectFilter filter, ManifestEntry entry, string cursor)
    {
        var key = entry.KeyBelow(null).Key;
        return key is not null && !filter.Takes(key) ? null
            : entry.Refuse(job.Job.Destination) is { } error ? Failed(job, entry with { Key = job.Job.Destination + (entry.Key ?? key) }, cursor, error)
            : new UploadObject { JobId = job.Id, Number = 0, Entry = entry with { Key = entry.KeyBelow(job.Job.Destination).Key }, Cursor = cursor };
    }

    private static UploadObject Failed(BulkUploadRecord job, ManifestEntry entry, string cursor, BulkUploadError error) =>
        new UploadObject { JobId = job.Id, Number = 0, Entry = entry, Cursor = cursor }.Fail(error);
}
