using System.Net;
using System.Net.Http.Headers;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A URL of an allowed host, read by ranges and pinned by ETag (or by the time of the last change). Redirects are not followed.</summary>
internal sealed class HttpUploadSource(HttpClient http, Uri url) : IUploadSource
{
    public async Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(0, 0);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Refuse(response);
        if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentLength == 0)
        {
            return new SourceFacts(0, Version(response));
        }

        return response is { StatusCode: HttpStatusCode.PartialContent, Content.Headers.ContentRange.Length: { } size }
            ? new SourceFacts(size, Version(response))
            : throw new SourceException("source_without_ranges", "The source does not serve ranges (no 206 with the total size), so it cannot be read in parts.");
    }

    public UploadBody Open(PartRange part, SourceFacts pinned) => new(part.Length, async token =>
    {
        if (part.Length == 0)
        {
            return Stream.Null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(part.Offset, part.Offset + part.Length - 1);
        if (EntityTagHeaderValue.TryParse(pinned.Version, out var etag))
        {
            request.Headers.IfMatch.Add(etag);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        try
        {
            Refuse(response);
            if (response.Content.Headers.ContentRange is not { } range || range.Length != pinned.Size || range.From != part.Offset || Version(response) != pinned.Version)
            {
                throw new SourceException("source_changed", "The source was changed while it was being uploaded.");
            }

            return await response.Content.ReadAsStreamAsync(token);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    });

    private static string Version(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } etag ? etag.ToString() : response.Content.Headers.LastModified?.ToString("R") ?? "";

    /// <summary>Permanent refusals fail the job; others are tried again.</summary>
    private static void Refuse(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is 412 or 416)
        {
            throw new SourceException("source_changed", $"The source answered {status}: it was changed while it was being uploaded.");
        }

        if (status is >= 300 and < 500 and not (408 or 429))
        {
            throw new SourceException(status == 404 ? "source_not_found" : "source_refused", $"The source answered HTTP status {status}.");
        }

        response.EnsureSuccessStatusCode();
    }
}
