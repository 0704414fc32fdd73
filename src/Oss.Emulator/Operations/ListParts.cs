using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

internal sealed class ListParts : IOperation
{
    public string Name => "ListParts";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var encodesKeys = call.EncodesKeys;
        var max = call.Number("max-parts", 1, OssLimits.MaxPartsPerPage, OssLimits.MaxPartsPerPage);
        var marker = call.Number("part-number-marker", 0, int.MaxValue, 0);
        var upload = call.Bucket.Uploads.Find(call.RequiredUploadId, call.RequiredKey);
        var after = upload.Parts().Where(part => part.Number > marker).Take(max + 1).ToArray();
        var page = after.Take(max).ToArray();
        var result = new ListPartsResult
        {
            Bucket = call.Bucket.Name,
            Key = call.RequiredKey,
            UploadId = upload.Record.UploadId,
            PartNumberMarker = marker,
            NextPartNumberMarker = page.Length > 0 ? page[^1].Number : marker,
            MaxParts = max,
            IsTruncated = after.Length > page.Length,
            Parts = [.. page.Select(part => (
                new UploadedPart(part.Number, ObjectHeaders.Quoted(part.ETag), part.Segment.Size, part.Segment.Crc64), part.LastModified))],
        };
        return Reply.XmlAsync(call, 200, result.ToXml(encodesKeys));
    }
}
