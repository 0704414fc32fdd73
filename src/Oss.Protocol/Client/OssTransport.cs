using System.Globalization;
using System.Text;

namespace Oss.Protocol;

/// <summary>Whether a request may be sent again when it is not known what became of it.</summary>
internal enum Repeat
{
    /// <summary>It may: doing it twice is doing it once.</summary>
    Always,

    /// <summary>Only when OSS answered and refused; not when the connection broke.</summary>
    OnRefusal,
}

/// <summary>Signs requests, sends them to the letter, turns refusals into <see cref="OssException"/>, and tries again what may be tried again.</summary>
internal sealed class OssTransport
{
    // No byte in either direction for this long, and the attempt is given up.
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    // .NET's Uri would resolve dot segments and undo escapes; keys may have both.
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _http;
    private readonly OssEndpoint _endpoint;
    private readonly ISignerSource _signers;
    private readonly TimeProvider _clock;
    private readonly OssRetry _retry;
    private long _clockOffsetTicks;

    public OssTransport(HttpClient http, OssEndpoint endpoint, ISignerSource signers, TimeProvider clock, OssRetry retry)
    {
        _http = http;
        _endpoint = endpoint;
        _signers = signers;
        _clock = clock;
        _retry = retry;
    }

    /// <summary>Sends a request and reads the answer with <paramref name="read"/>, which is called for successes only, HTTP 203 among them.</summary>
    public async Task<T> SendAsync<T>(
        Func<OssRequest> make, UploadBody? body, Repeat repeat, Func<HttpResponseMessage, ulong, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var signer = await _signers.CurrentAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await AttemptAsync(signer, make(), body, read, cancellationToken).ConfigureAwait(false);
            }
            catch (OssException e) when (OssRetry.IsRefusedKey(e.Error) && _signers.Refuse(signer))
            {
                // Refused before anything was done, and no fault of the request: the attempt with another key is the same one.
                attempt--;
            }
            catch (Exception e) when (
                attempt < _retry.Attempts && OssRetry.IsTransient(e) && (repeat == Repeat.Always || e is OssException) && !cancellationToken.IsCancellationRequested
                && _retry.DelayAfter(attempt, e) is { } delay)
            {
                await Task.Delay(delay, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(
        V4Signer signer, OssRequest request, UploadBody? body, Func<HttpResponseMessage, ulong, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        signer.Sign(request, _clock.GetUtcNow().AddTicks(Interlocked.Read(ref _clockOffsetTicks)));
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(StallTimeout);
        using var message = Message(request, body, () => stall.CancelAfter(StallTimeout));
        try
        {
            // Not disposed of here: a download reads on from it. All other readers consume it whole, which returns the connection.
            var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                using (response)
                {
                    throw await RefusalAsync(response, stall.Token).ConfigureAwait(false);
                }
            }

            return await read(response, (message.Content as UploadContent)?.Crc64 ?? 0, stall.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"OSS took and gave no byte for {StallTimeout.TotalSeconds:0} s.", e);
        }
    }

    private HttpRequestMessage Message(OssRequest request, UploadBody? body, Action onProgress)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(Url(request), AsIs));
        if (body is not null)
        {
            message.Content = new UploadContent(body, onProgress);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                // Content-Type and its like belong to the content; a request without one still has to send what was signed.
                message.Content ??= new UploadContent(UploadBody.From(default), onProgress);
                if (!message.Content.Headers.TryAddWithoutValidation(name, value))
                {
                    throw new ArgumentException($"HTTP cannot carry a header named '{name}'.", nameof(request));
                }
            }
        }

        return message;
    }

    private string Url(OssRequest request)
    {
        var url = request.Bucket is null ? _endpoint.Origin(null) + "/" : _endpoint.ObjectUrl(request.Bucket, request.Key ?? "");
        if (request.Query.Count == 0)
        {
            return url;
        }

        var query = new StringBuilder(url);
        var separator = '?';
        foreach (var (name, value) in request.Query)
        {
            query.Append(separator).Append(OssEncoding.Encode(name));
            if (!string.IsNullOrEmpty(value))
            {
                query.Append('=').Append(OssEncoding.Encode(value));
            }

            separator = '&';
        }

        return query.ToString();
    }

    private async Task<OssException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var requestId = Header(response, "x-oss-request-id");
        var inHeader = Header(response, "x-oss-err");
        var xml = OssEncoding.TryDecodeBase64(inHeader, out var bytes)
            ? Encoding.UTF8.GetString(bytes)
            : await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var error = OssError.Parse(xml, (int)response.StatusCode, requestId);
        if (error.Code == OssErrorCode.RequestTimeTooSkewed.Code && response.Headers.Date is { } serverTime)
        {
            Interlocked.Exchange(ref _clockOffsetTicks, (serverTime - _clock.GetUtcNow()).Ticks);
        }

        return new OssException(error with { RetryAfter = RetryAfter(response) });
    }

    // How long OSS wants to be left alone: the time by which its quality-of-service delays requests, or what a gateway before it says.
    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        double.TryParse(Header(response, "x-oss-qos-delay-time"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestRetryAfter.TotalMilliseconds))
        : response.Headers.RetryAfter is { } header && (header.Delta ?? header.Date - _clock.GetUtcNow()) is { } delay
            ? TimeSpan.FromTicks(Math.Clamp(delay.Ticks, 0, LongestRetryAfter.Ticks))
        : null;

    /// <summary>The value of a header, or null.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? values.First() : null;

    /// <summary>The facts of an object in a reply's headers.</summary>
    public static ObjectHead Head(HttpResponseMessage response) => new(
        response.Content.Headers.ContentLength ?? 0,
        Header(response, "ETag") ?? "",
        Crc(response),
        Header(response, "Content-Type"),
        DateTimeOffset.TryParseExact(Header(response, "Last-Modified"), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null)
    {
        StorageClass = Header(response, "x-oss-storage-class"),
        Metadata = Metadata(response),
    };

    /// <summary>OSS's checksum of what it stored, if it says.</summary>
    public static ulong? Crc(HttpResponseMessage response) => Crc64.TryParse(Header(response, "x-oss-hash-crc64ecma"), out var crc) ? crc : null;

    private static IReadOnlyDictionary<string, string> Metadata(HttpResponseMessage response)
    {
        const string prefix = "x-oss-meta-";
        var metadata = response.Headers.Where(header => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key[prefix.Length..].ToLowerInvariant(), header => header.Value.First(), StringComparer.Ordinal);
        return metadata.Count > 0 ? metadata : ObjectHead.NoMetadata;
    }
}
