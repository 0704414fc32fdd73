using System.Net;
using System.Net.Http.Headers;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// A URL of an allowed host, read by ranges and pinned by ETag (or by the time of the last change). A server without ranges is read in one piece, up to
/// <c>BulkUploads__MaxUnrangedSize</c>; whatever it says is compared with what it said before.
/// </summary>
internal sealed class HttpUploadSource(HttpSourceClient http, Uri url, long maxUnrangedSize) : IUploadSource
{
    public async Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(url, new RangeHeaderValue(0, 0), null, cancellationToken);
        var range = response.Content.Headers.ContentRange;
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Unranged(response),
            // There is no first byte.
            HttpStatusCode.RequestedRangeNotSatisfiable when range?.Length == 0 => Facts(response, 0),
            HttpStatusCode.RequestedRangeNotSatisfiable => throw Lies("It has no first byte, and is not empty."),
            _ when !Is(range, 0, 1) => throw Lies("It was asked for its first byte, and answered with another range."),
            _ when range!.Length is null => throw new SourceException("source_without_length", "The source does not tell its size (Content-Range)."),
            _ when Version(response).Length == 0 =>
                throw new SourceException("source_without_version", "The source has neither a strong ETag nor Last-Modified, so it could change unseen between two parts."),
            _ => Facts(response, range!.Length!.Value),
        };
    }

    public UploadBody Open(PartRange part, SourceFacts pinned) => new(part.Length, async token =>
    {
        if (pinned.Size == 0)
        {
            return Stream.Null;
        }

        var isWhole = part.Offset == 0 && part.Length == pinned.Size;
        if (!pinned.HasRanges && !isWhole)
        {
            throw new SourceException("source_without_ranges", "The source does not serve ranges, so it cannot be read in parts.");
        }

        var response = await http.GetAsync(
            url,
            pinned.HasRanges ? new RangeHeaderValue(part.Offset, part.Offset + part.Length - 1) : null,
            EntityTagHeaderValue.TryParse(pinned.Version, out var etag) ? etag : null,
            token);
        try
        {
            Compare(response, part, pinned, isWhole);
            return new SourceStream(await response.Content.ReadAsStreamAsync(token), part.Length, isFramed: response.Content.Headers.ContentLength is not null, http.Clock);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    });

    private SourceFacts Unranged(HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is not { } size
            ? throw new SourceException("source_without_length", "The source serves neither ranges nor its size (Content-Length).")
        : size > maxUnrangedSize
            ? throw new SourceException("source_without_ranges", $"The source does not serve ranges (no 206), and has more than the {maxUnrangedSize} bytes that are read in one piece.")
        : Facts(response, size) with { HasRanges = size == 0 };

    private static SourceFacts Facts(HttpResponseMessage response, long size) => new(size, Version(response))
    {
        ContentType = response.Content.Headers.ContentType?.ToString(),
        LastModified = response.Content.Headers.LastModified,
    };

    private static void Compare(HttpResponseMessage response, PartRange part, SourceFacts pinned, bool isWhole)
    {
        var (status, range, length) = (response.StatusCode, response.Content.Headers.ContentRange, response.Content.Headers.ContentLength);
        var total = status == HttpStatusCode.OK ? length : range?.Length;
        if (status == HttpStatusCode.RequestedRangeNotSatisfiable || Version(response) != pinned.Version || (total is not null && total != pinned.Size))
        {
            throw new SourceException("source_changed", "The source was changed while it was being uploaded.");
        }

        if (status == HttpStatusCode.OK ? !isWhole : !Is(range, part.Offset, part.Length))
        {
            throw Lies("It answered with another range than the one it was asked for.");
        }

        if (length is not null && length != part.Length)
        {
            throw Lies("Its Content-Length is not the length of the range.");
        }
    }

    private static bool Is(ContentRangeHeaderValue? range, long offset, long length) => range?.Unit == "bytes" && range.From == offset && range.To == offset + length - 1;

    private static SourceException Lies(string how) => new("source_lies", "The source answers against the rules of HTTP. " + how);

    private static string Version(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } etag ? etag.ToString() : response.Content.Headers.LastModified?.ToString("R") ?? "";
}
