using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Keeps a job to its bandwidth: each of its connections has an equal share, which follows the job's setting while it runs.</summary>
public sealed class UploadThrottle(BulkUploadWatch watch, UploadLanes lanes, TimeProvider clock)
{
    /// <summary>A body that gives its bytes no faster than the job allows.</summary>
    internal UploadBody Limit(BulkUploadRecord job, UploadBody body) => new(
        body.Length,
        async token => new ThrottledStream(
            await body.OpenAsync(token),
            async look => await watch.LookAsync(job.Id, look) is { } latest ? lanes.BandwidthOfConnection(latest) : null,
            clock));

    /// <summary>What OSS is to hold the connection to, in bits per second; null: nothing that OSS can.</summary>
    internal long? TrafficLimit(BulkUploadRecord job) =>
        lanes.BandwidthOfConnection(job) is { } share && share * 8 >= OssLimits.MinTrafficLimit && share * 8 <= OssLimits.MaxTrafficLimit ? share * 8 : null;
}

/// <summary>Reads no faster than a rate that may change.</summary>
internal sealed class ThrottledStream(Stream inner, Func<CancellationToken, ValueTask<long?>> rate, TimeProvider clock) : ReadThroughStream(inner)
{
    private long? _rate;
    private long _since = clock.GetTimestamp();
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var now = await rate(cancellationToken);
        if (now != _rate)
        {
            (_rate, _since, _read) = (now, clock.GetTimestamp(), 0);
        }

        if (_rate is not { } limit)
        {
            return await Inner.ReadAsync(buffer, cancellationToken);
        }

        // An eighth of a second's bytes at a time, so that the pauses stay short.
        var piece = buffer[..(int)Math.Clamp(limit / 8, 1, buffer.Length)];
        var count = await Inner.ReadAsync(piece, cancellationToken);
        _read += count;
        var early = TimeSpan.FromSeconds(_read / (double)limit) - clock.GetElapsedTime(_since);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, clock, cancellationToken);
        }

        return count;
    }
}
