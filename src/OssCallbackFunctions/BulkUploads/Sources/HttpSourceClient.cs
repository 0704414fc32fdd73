using System.Net;
using System.Net.Http.Headers;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Asks servers that sources are on, follows their redirects by hand, and sorts what they answer into what will not pass and what may.</summary>
internal sealed class HttpSourceClient(HttpClient http, SourceUrls urls, int maxRedirects, TimeProvider clock)
{
    // To the reply's headers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public TimeProvider Clock => clock;

    /// <summary>The answer, 200, 206 or 416, to a GET. Each address on the way is checked as the first one was.</summary>
    /// <param name="url">An allowed URL.</param>
    /// <param name="range">First and last byte; null: all.</param>
    /// <param name="ifMatch">Strong ETag that the source must have; null: any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SourceException">What will not pass.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, RangeHeaderValue? range, EntityTagHeaderValue? ifMatch, CancellationToken cancellationToken)
    {
        var seen = new HashSet<Uri> { url };
        while (true)
        {
            var response = await SendAsync(url, range, ifMatch, cancellationToken);
            try
            {
                if (!IsRedirect(response.StatusCode))
                {
                    Refuse(response);
                    return response;
                }

                url = urls.Allow(Next(url, response));
                if (!seen.Add(url) || seen.Count > maxRedirects + 1)
                {
                    throw new SourceException("source_redirected", $"The source leads on in circles, or more than {maxRedirects} times.");
                }
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, RangeHeaderValue? range, EntityTagHeaderValue? ifMatch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = range;
        // Otherwise sizes and ranges may be those of something packed.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch);
        }

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
        catch (HttpRequestException e) when (e.InnerException is SourceException refused)
        {
            throw new SourceException(refused.Code, refused.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new SourceException("source_lies", "The headers of the source's answer are too long.");
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Next(Uri url, HttpResponseMessage response) =>
        response.Headers.Location is { } location && Uri.TryCreate(url, location, out var next) ? next
            : throw new SourceException("source_redirected", "The source leads on to nowhere.");

    /// <summary>Permanent refusals fail the job; others are tried again.</summary>
    private void Refuse(HttpResponseMessage response)
    {
        switch ((int)response.StatusCode)
        {
            case 404 or 410:
                throw new SourceException("source_not_found", $"The source answered HTTP status {(int)response.StatusCode}.");
            case 412:
                throw new SourceException("source_changed", "The source answered 412: it was changed while it was being uploaded.");
            case 429 or 503:
                throw new SourceBusyException($"The source answered HTTP status {(int)response.StatusCode}.", Pause(response.Headers.RetryAfter));
            case 408 or >= 500:
                throw new HttpRequestException(HttpRequestError.Unknown, $"The source answered HTTP status {(int)response.StatusCode}.", null, response.StatusCode);
            case not (200 or 206 or 416):
                throw new SourceException("source_refused", $"The source answered HTTP status {(int)response.StatusCode}.");
        }

        if (response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw new SourceException("source_encoded", "The source sends itself packed (Content-Encoding), though it was asked not to.");
        }
    }

    private TimeSpan? Pause(RetryConditionHeaderValue? header) =>
        (header?.Delta ?? header?.Date - clock.GetUtcNow()) is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestPause.Ticks)) : null;
}
