using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

internal sealed class ListMultipartUploads : IOperation
{
    public string Name => "ListMultipartUploads";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var encodesKeys = call.EncodesKeys;
        var max = call.Number("max-uploads", 1, OssLimits.MaxUploadsPerPage, OssLimits.MaxUploadsPerPage);
        var prefix = ListParameters.Text(call, "prefix", null);
        var delimiter = ListParameters.DelimiterOf(call);
        var keyMarker = ListParameters.Text(call, "key-marker", null);
        var idMarker = call.Target.Parameter("upload-id-marker") ?? "";
        // Without a key the id says nothing; with a key alone, all uploads of that key are behind it.
        var entries = Entries(call.Bucket.Uploads, prefix, delimiter)
            .Where(entry => KeyOrder.Compare(entry.Text, keyMarker) is var order
                && (order > 0 || (order == 0 && idMarker.Length > 0 && entry.Upload is { } upload && string.CompareOrdinal(upload.UploadId, idMarker) > 0)))
            .Take(max + 1)
            .ToArray();
        var isTruncated = entries.Length > max;
        var page = entries.Take(max).ToArray();
        var result = new ListMultipartUploadsResult
        {
            Bucket = call.Bucket.Name,
            Prefix = prefix,
            Delimiter = delimiter,
            KeyMarker = keyMarker,
            UploadIdMarker = idMarker,
            NextKeyMarker = isTruncated ? page[^1].Text : "",
            NextUploadIdMarker = isTruncated ? page[^1].Upload?.UploadId ?? "" : "",
            MaxUploads = max,
            IsTruncated = isTruncated,
            Uploads = [.. page.Select(entry => entry.Upload).OfType<UploadRecord>().Select(upload => new ListedUpload(
                upload.Key, upload.UploadId, upload.Initiated, Operations.StorageClass.Of(upload.Headers)))],
            CommonPrefixes = [.. page.Where(entry => entry.Upload is null).Select(entry => entry.Text)],
        };
        return Reply.XmlAsync(call, 200, result.ToXml(encodesKeys));
    }

    /// <summary>The uploads, and the common prefixes that stand for many, in order.</summary>
    private static IEnumerable<(string Text, UploadRecord? Upload)> Entries(UploadIndex uploads, string prefix, string delimiter)
    {
        string? before = null;
        foreach (var upload in uploads.All.Select(upload => upload.Record)
            .Where(record => record.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(record => record.Key, Comparer<string>.Create(KeyOrder.Compare))
            .ThenBy(record => record.UploadId, StringComparer.Ordinal))
        {
            var group = CommonPrefix.Of(upload.Key, prefix, delimiter);
            if (group is null)
            {
                yield return (upload.Key, upload);
            }
            else if (group != before)
            {
                yield return (before = group, null);
            }
        }
    }
}
