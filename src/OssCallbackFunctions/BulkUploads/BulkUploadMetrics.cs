using System.Diagnostics.Metrics;
using System.Text.Json;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Counts what bulk uploads carry. Objects and bytes are counted with their rows, once each; parts whenever they are sent.</summary>
public sealed class BulkUploadMetrics : IDisposable
{
    /// <summary>Objects that ended, by <c>state</c>: succeeded, skipped, failed.</summary>
    public const string Objects = "bulk.objects";

    /// <summary>Bytes of objects that succeeded.</summary>
    public const string Bytes = "bulk.bytes";

    /// <summary>Parts that OSS took, by <c>kind</c>: sent, copied.</summary>
    public const string Parts = "bulk.parts";

    private readonly Meter _meter = new(AppMeter.Name);
    private readonly Counter<long> _objects;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _parts;

    /// <summary>A meter of the app's name.</summary>
    public BulkUploadMetrics()
    {
        _objects = _meter.CreateCounter<long>(Objects, "{object}", "Objects of bulk uploads that ended.");
        _bytes = _meter.CreateCounter<long>(Bytes, "By", "Bytes of objects that bulk uploads stored.");
        _parts = _meter.CreateCounter<long>(Parts, "{part}", "Parts that bulk uploads sent or had copied.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Counts objects of a job; a dry run stores none.</summary>
    internal void Count(BulkUploadJob job, IReadOnlyList<UploadObject> ended)
    {
        if (job.DryRun)
        {
            return;
        }

        foreach (var some in ended.CountBy(found => found.State))
        {
            _objects.Add(some.Value, new KeyValuePair<string, object?>("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(some.Key.ToString())));
        }

        _bytes.Add(ended.Where(found => found.State == UploadObjectState.Succeeded).Sum(found => found.Facts?.Size ?? 0));
    }

    internal void CountPart(bool isCopied) => _parts.Add(1, new KeyValuePair<string, object?>("kind", isCopied ? "copied" : "sent"));
}
