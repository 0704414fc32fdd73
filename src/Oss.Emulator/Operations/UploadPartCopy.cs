using System.IO.Pipelines;
using Oss.Emulator.Access;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Makes a part of an object, or of a range of it: bytes of its own, with its own checksums.</summary>
internal sealed class UploadPartCopy(BucketIndex buckets, Authorization authorization, TimeProvider clock) : IOperation
{
    private static readonly PipeOptions Buffers = new(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    public string Name => "UploadPartCopy";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var part = await StoreAsync(call, cancellationToken);
        call.Response.Headers.ETag = ObjectHeaders.Quoted(part.ETag);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(part.Segment.Crc64);
        await Reply.XmlAsync(call, 200, new CopyResult(ObjectHeaders.Quoted(part.ETag), part.LastModified).ToPartXml());
    }

    private async Task<PartRecord> StoreAsync(OssCall call, CancellationToken cancellationToken)
    {
        var number = call.Number("partNumber", 1, OssLimits.MaxPartCount);
        var upload = call.Bucket.Uploads.Find(call.RequiredUploadId, call.RequiredKey);
        using var source = CopySource.Hold(call, buckets, authorization);
        Preconditions.RequireOfSource(call, source.Record, clock.GetUtcNow());
        var range = Range(call, source.Record);

        using var incoming = await CopyAsync(call, source.Lease, range, cancellationToken);
        var part = new PartRecord(number, incoming.ETag, clock.GetUtcNow(), incoming.Segment);
        upload.Put(part);
        incoming.Keep();
        VersionIds.WriteSource(call, source.Record);
        return part;
    }

    /// <summary>What to copy, which the reply repeats. A range that does not fit is as if it were not there.</summary>
    private static ByteRange Range(OssCall call, ObjectRecord source)
    {
        var asked = call.Header("x-oss-copy-source-range") is { } header ? ByteRange.Parse(header, source.Size, clamps: false) : null;
        var range = asked ?? new ByteRange(0, source.Size);
        if (range.Length > OssLimits.MaxSimpleUploadSize)
        {
            throw Refusals.EntityTooLarge(OssLimits.MaxSimpleUploadSize, range.Length);
        }

        if (asked is not null)
        {
            call.Response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{source.Size}";
        }

        return range;
    }

    private static async Task<IncomingSegment> CopyAsync(OssCall call, ObjectLease source, ByteRange range, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(Buffers);
        var reading = ReadAsync(source, range, pipe.Writer, cancellationToken);
        try
        {
            return await IncomingSegment.ReceiveAsync(call.Bucket.Segments, pipe.Reader, OssLimits.MaxSimpleUploadSize, Refusals.EntityTooLarge, _ => { }, cancellationToken);
        }
        finally
        {
            // Lets the other side go on, and end, also after a failure.
            await pipe.Reader.CompleteAsync();
            await reading;
        }
    }

    private static async Task ReadAsync(ObjectLease source, ByteRange range, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await source.CopyToAsync(writer.AsStream(leaveOpen: true), range.Offset, range.Length, cancellationToken);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await writer.CompleteAsync(failure);
    }
}
