using Oss.Emulator.Access;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Makes an object of another one. Within a bucket both have the same segments from then on; into another bucket their files are copied.</summary>
internal sealed class CopyObject(BucketIndex buckets, Authorization authorization, TimeProvider clock) : IOperation
{
    public string Name => "CopyObject";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (await StoreAsync(call, cancellationToken) is not { } record)
        {
            await Reply.EmptyAsync(call, 304);
            return;
        }

        call.Response.Headers.ETag = ObjectHeaders.Quoted(record.ETag);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(record.Crc64);
        VersionIds.Write(call, record);
        await Reply.XmlAsync(call, 200, new CopyResult(ObjectHeaders.Quoted(record.ETag), record.LastModified).ToObjectXml());
    }

    /// <summary>Makes the copy; null when it is not wanted, for its source has not changed.</summary>
    private async Task<ObjectRecord?> StoreAsync(OssCall call, CancellationToken cancellationToken)
    {
        using var source = CopySource.Hold(call, buckets, authorization);
        VersionIds.WriteSource(call, source.Record);
        if (Preconditions.IsSourceNotModified(call, source.Record, clock.GetUtcNow()))
        {
            return null;
        }

        var description = Describe(call, source);
        RequireSize(call, source, description);
        call.RefuseOverwrite();
        return await PublishAsync(call, source, description, cancellationToken);
    }

    /// <summary>What the copy has of its source, and what of the request. An object that is copied onto itself always takes the request's metadata, and keeps its storage class.</summary>
    private static ObjectDescription Describe(OssCall call, CopySource source)
    {
        var asked = ObjectHeaders.From(call);
        var replacesMetadata = Replaces(call, "x-oss-metadata-directive") || (IsItself(call, source) && call.Bucket.Record.Versioning is null);
        var headers = replacesMetadata ? asked.Headers : new Dictionary<string, string>(source.Record.Headers, StringComparer.OrdinalIgnoreCase);
        headers[StorageClass.Header] = call.Header(StorageClass.Header) ?? (IsItself(call, source) ? StorageClass.Of(source.Record) : call.Bucket.Record.StorageClass);
        return new ObjectDescription(headers, asked.Acl, Replaces(call, "x-oss-tagging-directive") ? asked.Tags : source.Record.Tags);
    }

    private static bool Replaces(OssCall call, string directive) => call.Header(directive)?.ToUpperInvariant() switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        _ => throw Refusals.InvalidArgument(directive, call.Header(directive), $"The value of {directive} must be COPY or REPLACE."),
    };

    private static bool IsItself(OssCall call, CopySource source) => source.Bucket == call.Bucket && source.Record.Key == call.RequiredKey;

    private static void RequireSize(OssCall call, CopySource source, ObjectDescription description)
    {
        var max = description.Headers[StorageClass.Header] != StorageClass.Of(source.Record) ? OssLimits.MaxConvertingCopySize
            : source.Bucket != call.Bucket ? OssLimits.MaxCopySize
            : OssLimits.MaxObjectSize;
        if (source.Record.Size > max)
        {
            throw Refusals.EntityTooLarge(max, source.Record.Size);
        }
    }

    private async Task<ObjectRecord> PublishAsync(OssCall call, CopySource source, ObjectDescription description, CancellationToken cancellationToken)
    {
        var record = source.Record with
        {
            Key = call.RequiredKey,
            Type = source.Record.Type == ObjectRecord.Appendable && !IsItself(call, source) ? ObjectRecord.Normal : source.Record.Type,
            LastModified = clock.GetUtcNow(),
            Headers = description.Headers,
            Acl = description.Acl,
            Tags = description.Tags,
            VersionId = call.Bucket.NewVersionId(),
        };
        if (source.Bucket == call.Bucket)
        {
            call.Bucket.Objects.PublishShared(record, source.Lease, call.ForbidsOverwrite);
            return record;
        }

        using var copies = new CopiedSegments(call.Bucket.Segments);
        record = record with { Segments = await copies.CopyAsync(source.Bucket.Segments, record.Segments, cancellationToken), LastModified = clock.GetUtcNow() };
        call.Bucket.Objects.Publish(record, call.ForbidsOverwrite);
        copies.Keep();
        return record;
    }
}
