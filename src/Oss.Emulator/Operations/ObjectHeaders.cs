using System.Globalization;
using System.Text;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>The headers that are stored with an object and come back with it.</summary>
internal static class ObjectHeaders
{
    private const string MetadataPrefix = "x-oss-meta-";
    private const int MaxMetadataBytes = 8 * 1024;

    private static readonly string[] Standard = ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"];

    /// <summary>Takes what is to be stored from the headers of a request.</summary>
    public static ObjectDescription From(OssCall call) =>
        From(call.Bucket, call.Request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())));

    /// <summary>Takes what is to be stored in the bucket from headers or form fields.</summary>
    public static ObjectDescription From(Bucket bucket, IEnumerable<KeyValuePair<string, string>> given)
    {
        var stored = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/octet-stream",
            [StorageClass.Header] = bucket.Record.StorageClass,
        };
        string? acl = null;
        IReadOnlyList<ObjectTag>? tags = null;
        var metadataBytes = 0;
        foreach (var (name, value) in given)
        {
            if (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                metadataBytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
                stored[Checked(name, name).ToLowerInvariant()] = Checked(name, value);
            }
            else if (name.Equals(StorageClass.Header, StringComparison.OrdinalIgnoreCase))
            {
                stored[StorageClass.Header] = StorageClass.Checked(value);
            }
            else if (name.Equals(ObjectAcl.Header, StringComparison.OrdinalIgnoreCase))
            {
                acl = ObjectAcl.Checked(value);
            }
            else if (name.Equals(ObjectTags.Header, StringComparison.OrdinalIgnoreCase))
            {
                tags = ObjectTags.Parse(value);
            }
            else if (value.Length > 0 && Standard.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } standard)
            {
                stored[standard] = Checked(name, value);
            }
        }

        return metadataBytes <= MaxMetadataBytes ? new ObjectDescription(stored, acl, tags)
            : throw Refusals.InvalidArgument(MetadataPrefix + "*", null, $"The user metadata has {metadataBytes} bytes; {MaxMetadataBytes} are allowed.");
    }

    /// <summary>Writes what describes the content just stored: the reply to an upload.</summary>
    public static void WriteChecksums(OssCall call, ObjectRecord record)
    {
        call.Response.Headers.ETag = Quoted(record.ETag);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(record.Crc64);
        if (record.ContentMd5 is not null)
        {
            call.Response.Headers.ContentMD5 = record.ContentMd5;
        }

        VersionIds.Write(call, record);
    }

    /// <summary>Writes all of an object's headers but its length.</summary>
    public static void Write(OssCall call, ObjectRecord record)
    {
        foreach (var (name, value) in record.Headers)
        {
            call.Response.Headers[name] = value;
        }

        WriteChecksums(call, record);
        call.Response.Headers.LastModified = record.LastModified.ToString("R", CultureInfo.InvariantCulture);
        call.Response.Headers.AcceptRanges = "bytes";
        call.Response.Headers["x-oss-object-type"] = record.Type;
        if (record.Acl is not null)
        {
            call.Response.Headers[ObjectAcl.Header] = record.Acl;
        }

        if (record.Tags is not null)
        {
            call.Response.Headers["x-oss-tagging-count"] = record.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }

        if (record.Type == ObjectRecord.Appendable)
        {
            WriteNextPosition(call, record.Size);
        }
    }

    /// <summary>Says where the next AppendObject has to begin.</summary>
    public static void WriteNextPosition(OssCall call, long position) =>
        call.Response.Headers["x-oss-next-append-position"] = position.ToString(CultureInfo.InvariantCulture);

    public static string Quoted(string etag) => $"\"{etag}\"";

    // Forms can carry what a header cannot; it would only fail when the object is read.
    private static string Checked(string name, string value) =>
        value.Any(char.IsControl) ? throw Refusals.InvalidArgument(name, null, $"The value of {name} has control characters.") : value;
}
