using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>How much of a job is under way at a time, over all instances: so many lanes, each a message that goes from page to page or from part to part.</summary>
public sealed class UploadLanes(IOptions<BulkUploadOptions> options)
{
    // OSS limits a connection to no less than this (x-oss-traffic-limit, 819,200 bit/s); a limit of the job below it makes for fewer connections.
    private const long LeastBandwidth = 102_400;

    /// <summary>Objects of a job at a time.</summary>
    internal int ObjectsInFlight(BulkUploadControls controls)
    {
        var wanted = controls.ObjectsInFlight ?? options.Value.ObjectsInFlight;
        return controls.Bandwidth is { } limit ? (int)Math.Clamp(limit / LeastBandwidth, 1, wanted) : wanted;
    }

    /// <summary>Lanes of pages.</summary>
    internal int Pages(BulkUploadRecord job) => Math.Min(UploadPage.Count(job.Counts.Objects), Math.Min(ObjectsInFlight(job.Controls), options.Value.Lanes));

    /// <summary>Objects of a page at a time.</summary>
    internal int ObjectsOfPage(BulkUploadRecord job, int stride) => Math.Clamp(ObjectsInFlight(job.Controls) / Math.Max(1, stride), 1, UploadPage.Size);

    /// <summary>Lanes of an object's parts.</summary>
    internal int Parts(BulkUploadRecord job) =>
        // With a limit, each object of many has one connection: so many are counted.
        job.Controls.Bandwidth is not { } limit ? options.Value.Lanes
        : job.Counts.Objects > 1 ? 1
        : (int)Math.Clamp(limit / LeastBandwidth / options.Value.PartsInParallel, 1, options.Value.Lanes);

    /// <summary>Parts of a slice at a time.</summary>
    internal int PartsOfSlice(BulkUploadRecord job) =>
        job.Controls.Bandwidth is not { } limit ? options.Value.PartsInParallel
        : job.Counts.Objects > 1 ? 1
        : (int)Math.Clamp(limit / LeastBandwidth, 1, options.Value.PartsInParallel);

    /// <summary>Bytes per second of one connection; null: not limited.</summary>
    internal long? BandwidthOfConnection(BulkUploadRecord job) =>
        job.Controls.Bandwidth is not { } limit ? null
        : job.Counts.Objects > 1 ? Math.Max(1, limit / Math.Min(ObjectsInFlight(job.Controls), job.Counts.Objects))
        : Math.Max(1, limit / (Parts(job) * (long)PartsOfSlice(job)));
}
