using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Makes an object of parts. The parts' files become the object's as they are: no byte is copied, however large it is.</summary>
internal sealed class CompleteMultipartUpload(UploadCallbacks callbacks, TimeProvider clock) : IOperation
{
    // 10,000 parts take about 1 MB.
    private const int MaxXmlSize = 4 * 1024 * 1024;

    private const string CompleteAll = "x-oss-complete-all";

    public string Name => "CompleteMultipartUpload";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var encodesKeys = call.EncodesKeys;
        var callback = CallbackOfRequest.Read(call);
        var upload = call.Bucket.Uploads.Find(call.RequiredUploadId, call.RequiredKey);
        var acl = ObjectAcl.Checked(call.Header(ObjectAcl.Header));
        var listed = await ReadAsync(call, cancellationToken);

        ObjectRecord? record = null;
        upload.Complete(parts =>
        {
            record = Assemble(upload.Record, listed is null ? All(parts) : Choose(listed, parts)) with { VersionId = call.Bucket.NewVersionId() };
            record = acl is null ? record.Current() : record.Current() with { Acl = acl };
            call.Bucket.Objects.Publish(record, call.ForbidsOverwrite);
            return record.Segments;
        });
        call.Bucket.Uploads.Forget(upload);

        ObjectHeaders.WriteChecksums(call, record!);
        if (callback is not null)
        {
            await callbacks.AnswerAsync(call, record!, callback);
            return;
        }

        var location = $"{call.Request.Scheme}://{call.Request.Host}{call.Target.RawPath}";
        var result = new CompleteMultipartUploadResult(location, call.Bucket.Name, record!.Key, ObjectHeaders.Quoted(record.ETag));
        await Reply.XmlAsync(call, 200, result.ToXml(encodesKeys));
    }

    /// <summary>The parts that the request lists; null when it wants all that there are, and then it lists none.</summary>
    private static async Task<IReadOnlyList<(int Number, string ETag)>?> ReadAsync(OssCall call, CancellationToken cancellationToken)
    {
        var all = call.Header(CompleteAll);
        if (all is not (null or "yes"))
        {
            throw Refusals.InvalidArgument(CompleteAll, all, $"The value of {CompleteAll} must be yes.");
        }

        return await RequestXml.ReadAsync(
            call,
            MaxXmlSize,
            text => all is null ? Protocol.CompleteMultipartUpload.Parse(text).Parts
                : text.Length == 0 ? null
                : throw Refusals.InvalidArgument(CompleteAll, all, $"A request with {CompleteAll} must not have a body.", "0042-00000216"),
            cancellationToken);
    }

    private static List<PartRecord> All(IReadOnlyDictionary<int, PartRecord> parts) =>
        parts.Count > 0 ? Sized([.. parts.Values.OrderBy(part => part.Number)])
            : throw Refusals.InvalidArgument(CompleteAll, "yes", "The upload has no parts.");

    private static List<PartRecord> Choose(IReadOnlyList<(int Number, string ETag)> listed, IReadOnlyDictionary<int, PartRecord> parts)
    {
        var chosen = new List<PartRecord>(listed.Count);
        foreach (var (number, etag) in listed)
        {
            if (number is < 1 or > OssLimits.MaxPartCount)
            {
                throw Refusals.InvalidArgument("PartNumber", $"{number}", $"Part number must be an integer between 1 and {OssLimits.MaxPartCount}.");
            }

            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                throw Refusals.InvalidPartOrder();
            }

            chosen.Add(parts.TryGetValue(number, out var part) && part.ETag.Equals(etag.Trim().Trim('"'), StringComparison.OrdinalIgnoreCase)
                ? part
                : throw Refusals.InvalidPart(number, etag));
        }

        return Sized(chosen);
    }

    private static List<PartRecord> Sized(List<PartRecord> parts) =>
        parts.SkipLast(1).FirstOrDefault(part => part.Segment.Size < OssLimits.MinPartSize) is { } small
            ? throw Refusals.PartTooSmall(small.Number, small.Segment.Size)
            : parts;

    private ObjectRecord Assemble(UploadRecord upload, List<PartRecord> parts)
    {
        // What OSS computes here is not documented; any text of this form will do.
        using var etag = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        ulong crc = 0;
        long size = 0;
        foreach (var part in parts)
        {
            etag.AppendData(Encoding.ASCII.GetBytes(part.ETag));
            crc = Crc64.Combine(crc, part.Segment.Crc64, part.Segment.Size);
            size += part.Segment.Size;
        }

        return new ObjectRecord
        {
            Key = upload.Key,
            ETag = $"{Convert.ToHexString(etag.GetHashAndReset())}-{parts.Count}",
            Type = ObjectRecord.Multipart,
            Size = size,
            Crc64 = crc,
            LastModified = clock.GetUtcNow(),
            Headers = upload.Headers,
            Acl = upload.Acl,
            Tags = upload.Tags,
            Segments = [.. parts.Select(part => part.Segment)],
        };
    }
}
