using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>Objects of a bucket with versioning have version ids, but only the latest version is kept.</summary>
internal static class VersionIds
{
    public const string Parameter = "versionId";

    private const string Header = "x-oss-version-id";
    private const string SourceHeader = "x-oss-copy-source-version-id";
    private const string MarkerHeader = "x-oss-delete-marker";

    /// <summary>Lets through who asks for the version that there is. Whether OSS would have another one, nobody knows.</summary>
    /// <param name="call">The request.</param>
    /// <param name="record">The object, if there is one.</param>
    /// <param name="versionId">What was asked for; null: whatever is there.</param>
    public static void Require(OssCall call, ObjectRecord? record, string? versionId)
    {
        if (versionId is { Length: 0 })
        {
            throw Refusals.InvalidArgument(Parameter, versionId, "The version id is empty.");
        }

        if (versionId is not null && (record is null || versionId != (record.VersionId ?? Bucket.NullVersion)))
        {
            throw Refusals.NotImplemented($"{call.Operation} with a {Parameter} other than the current one");
        }
    }

    public static void Write(OssCall call, ObjectRecord record) => Write(call, Header, record.VersionId);

    public static void WriteSource(OssCall call, ObjectRecord source) => Write(call, SourceHeader, source.VersionId);

    /// <summary>Says which version is gone, or what took the object's place: in a bucket with versioning, a delete marker.</summary>
    public static void WriteDeleted(OssCall call, string? versionId, string? markerVersionId)
    {
        Write(call, Header, versionId ?? markerVersionId);
        Write(call, MarkerHeader, markerVersionId is null ? null : "true");
    }

    private static void Write(OssCall call, string name, string? value)
    {
        if (value is not null)
        {
            call.Response.Headers[name] = value;
        }
    }
}
