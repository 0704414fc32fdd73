using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Adds bytes to the end of an object that was begun this way. Of several at one position the first to be whole is taken.</summary>
internal sealed class AppendObject(TimeProvider clock) : IOperation
{
    public string Name => "AppendObject";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var record = await StoreAsync(call, Position(call), cancellationToken);
        call.Response.Headers.ETag = ObjectHeaders.Quoted(record.ETag);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(record.Crc64);
        ObjectHeaders.WriteNextPosition(call, record.Size);
        VersionIds.Write(call, record);
        await Reply.EmptyAsync(call, 200);
    }

    private async Task<ObjectRecord> StoreAsync(OssCall call, long position, CancellationToken cancellationToken)
    {
        var description = ObjectHeaders.From(call);
        using var before = call.Bucket.Objects.Hold(call.RequiredKey);
        Require(call, before?.Record, position);

        using var incoming = await UploadBody.ReceiveAsync(call, OssLimits.MaxAppendableSize - position, cancellationToken);
        using var tail = before is null ? null : await MergedTail.MergeAsync(call.Bucket.Segments, before, incoming.Segment, cancellationToken);
        var record = call.Bucket.Objects.Change(call.RequiredKey, current =>
        {
            Require(call, current, position);
            return current is null ? Begun(call, incoming, description)
                : incoming.Segment.Size == 0 ? current
                : Grown(current, incoming, tail);
        });
        KeepWhatIsIn(record, incoming, tail);
        return record;
    }

    private static long Position(OssCall call) =>
        call.Target.Parameter("position") is not { } text ? throw Refusals.MissingArgument("position", "0016-00000501")
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
            : throw Refusals.InvalidArgument("position", text, "Argument position must be a non-negative integer.", "0016-00000502");

    private static void Require(OssCall call, ObjectRecord? record, long position)
    {
        if (record is not null && record.Type != ObjectRecord.Appendable)
        {
            throw Refusals.ObjectNotAppendable();
        }

        var length = record?.Size ?? 0;
        if (position != length)
        {
            ObjectHeaders.WriteNextPosition(call, length);
            throw Refusals.PositionNotEqualToLength();
        }
    }

    // Versioning leaves appendable objects their one version.
    private ObjectRecord Begun(OssCall call, IncomingSegment incoming, ObjectDescription description) =>
        incoming.ToObject(call.RequiredKey, description, clock.GetUtcNow(), call.Bucket.Record.Versioning is null ? null : Bucket.NullVersion) with
        {
            ETag = NextETag("", incoming),
            Type = ObjectRecord.Appendable,
            ContentMd5 = null,
        };

    private ObjectRecord Grown(ObjectRecord current, IncomingSegment incoming, MergedTail? tail) => current with
    {
        ETag = NextETag(current.ETag, incoming),
        Size = current.Size + incoming.Segment.Size,
        Crc64 = Crc64.Combine(current.Crc64, incoming.Segment.Crc64, incoming.Segment.Size),
        LastModified = clock.GetUtcNow(),
        Segments = tail?.InPlaceOf(current.Segments) ?? [.. current.Segments, incoming.Segment],
    };

    // What OSS computes here is not documented, but its ETags of such objects end in zeros.
    private static string NextETag(string etag, IncomingSegment incoming)
    {
#pragma warning disable CA5351 // No secret: a text that changes with each piece.
        return Convert.ToHexString(MD5.HashData([.. Encoding.ASCII.GetBytes(etag), .. incoming.Md5]))[..24] + "00000000";
#pragma warning restore CA5351
    }

    private static void KeepWhatIsIn(ObjectRecord record, IncomingSegment incoming, MergedTail? tail)
    {
        var last = record.Segments[^1].Name;
        if (last == incoming.Segment.Name)
        {
            incoming.Keep();
        }
        else if (last == tail?.Segment.Name)
        {
            tail.Keep();
        }
    }
}
