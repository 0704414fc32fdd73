using System.Net;
using System.Net.Http.Headers;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A URL of an allowed host, read by ranges and pinned by ETag (or by the time of the last change). Redirects are not followed.</summary>
internal sealed class HttpUploadSource(HttpClient http, TimeProvider clock, Uri url) : IUploadSource
{
    // To the reply's headers; a body that stalls ends the part's attempt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(0, 0);
        using var response = await SendAsync(request, cancellationToken);
        Refuse(response);
        long? size = response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentLength == 0 ? 0
            : response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.Length
            : null;
        return size is null ? throw new SourceException("source_without_ranges", "The source does not serve ranges (no 206 with the total size), so it cannot be read in parts.")
            : Version(response) is { Length: > 0 } version ? new SourceFacts(size.Value, version)
            : throw new SourceException("source_without_version", "The source has neither a strong ETag nor Last-Modified, so it could change unseen between two parts.");
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

        var response = await SendAsync(request, token);
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

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The source did not answer in {Patience.TotalSeconds:0} s.", e);
        }
    }

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
