using System.Collections.Concurrent;
using System.Net;
using System.Web;
using Oss.Protocol;

namespace Benchmarks.Bulk;

/// <summary>
/// OSS as far as a copy of the largest object needs it, 48.8 TB that nobody stores: parts are taken at their word. What the app plans, keeps and asks for is the same as with bytes.
/// </summary>
internal sealed class VastOss(Action onPart) : HttpMessageHandler
{
    public const string Bucket = "vast-source";

    private const ulong PartCrc = 0x9A30_74F1_2C6D_55E7;

    private static readonly UploadPlan Plan = UploadPlan.For(OssLimits.MaxObjectSize, OssLimits.MaxSimpleUploadSize);
    private static readonly DateTimeOffset Made = DateTimeOffset.UtcNow;

    // That of the object: of parts that are all alike but for the last.
    private static readonly ulong Crc = Enumerable.Range(1, Plan.PartCount).Aggregate(0UL, (crc, number) => Crc64.Combine(crc, PartCrc, Plan.Part(number).Length));

    private readonly ConcurrentDictionary<int, UploadedPart> _parts = new();
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private bool _isMade;

    /// <summary>Requests since the last time, by operation.</summary>
    public string TakeRequests()
    {
        var taken = string.Join(", ", _requests.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value:#,0} {pair.Key}"));
        _requests.Clear();
        return taken;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var isSource = request.RequestUri.AbsolutePath.StartsWith($"/{Bucket}/", StringComparison.Ordinal) || request.RequestUri.Host.StartsWith(Bucket, StringComparison.Ordinal);
        if (request.Content is { } content)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }

        var (operation, reply) = (request.Method.Method, query["uploadId"], query["partNumber"]) switch
        {
            ("HEAD", _, _) => ("HeadObject", isSource || _isMade ? Head() : new HttpResponseMessage(HttpStatusCode.NotFound)),
            ("POST", null, _) => ("InitiateMultipartUpload", Xml(Begin())),
            ("PUT", _, { } number) => ("UploadPartCopy", Xml(Copy(int.Parse(number)))),
            ("GET", { }, _) => ("ListParts", Xml(List(int.Parse(query["part-number-marker"] ?? "0")))),
            ("POST", _, _) => ("CompleteMultipartUpload", Complete()),
            _ => throw new NotSupportedException($"{request.Method} {request.RequestUri.Query}"),
        };
        _requests.AddOrUpdate(operation, 1, (_, count) => count + 1);
        reply.RequestMessage = request;
        reply.Headers.Add("x-oss-request-id", "0");
        return reply;
    }

    private static HttpResponseMessage Head()
    {
        var reply = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        reply.Content.Headers.ContentLength = OssLimits.MaxObjectSize;
        reply.Content.Headers.LastModified = Made;
        return WithChecksum(reply, Crc);
    }

    private string Begin()
    {
        _parts.Clear();
        _isMade = false;
        return new InitiateMultipartUploadResult("b", "k", "vast").ToXml(encodeKey: false);
    }

    private string Copy(int number)
    {
        onPart();
        _parts[number] = new UploadedPart(number, "\"p\"", Plan.Part(number).Length, PartCrc);
        return new CopyResult("\"p\"", Made).ToPartXml();
    }

    private string List(int marker)
    {
        var parts = Enumerable.Range(marker + 1, Plan.PartCount - marker).Where(_parts.ContainsKey).Take(OssLimits.MaxPartsPerPage + 1).Select(number => (_parts[number], Made)).ToList();
        var isTruncated = parts.Count > OssLimits.MaxPartsPerPage;
        parts = parts[..Math.Min(parts.Count, OssLimits.MaxPartsPerPage)];
        return new ListPartsResult
        {
            Bucket = "b", Key = "k", UploadId = "vast", PartNumberMarker = marker, NextPartNumberMarker = parts.Count > 0 ? parts[^1].Item1.Number : marker, IsTruncated = isTruncated, Parts = parts,
        }.ToXml(encodeKey: false);
    }

    private HttpResponseMessage Complete()
    {
        if (_parts.Count != Plan.PartCount)
        {
            throw new InvalidOperationException($"Completed with {_parts.Count} of {Plan.PartCount} parts.");
        }

        _isMade = true;
        return WithChecksum(Xml(new CompleteMultipartUploadResult("", "b", "k", "\"vast\"").ToXml(encodeKey: false)), Crc);
    }

    private static HttpResponseMessage Xml(string xml) => new() { Content = new StringContent(xml) };

    private static HttpResponseMessage WithChecksum(HttpResponseMessage reply, ulong crc)
    {
        reply.Headers.TryAddWithoutValidation("ETag", "\"vast\"");
        reply.Headers.Add("x-oss-hash-crc64ecma", Crc64.ToText(crc));
        return reply;
    }
}
