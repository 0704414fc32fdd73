using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Calls one callback URL as OSS does: a connection of its own, no proxy, no redirects, a deadline for all of it.</summary>
internal sealed class CallbackCaller : IDisposable
{
    // An account number, as OSS has in these headers.
    private const string Account = "1234567890123456";

    private readonly CallbackKey _key;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public CallbackCaller(CallbackKey key, TimeProvider clock, TimeSpan timeout)
    {
        _key = key;
        _clock = clock;
        _timeout = timeout;
    }

    public async Task<CallbackOutcome> CallAsync(string url, string? host, CallbackBodyType bodyType, string body, string bucket, string requestId, CancellationToken cancellationToken)
    {
        var parts = CallbackUrl.Parse(url);
        using var request = Request(parts, host, bodyType, Encoding.UTF8.GetBytes(body), bucket, requestId);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await CallbackReply.ReadAsync(response, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CallbackOutcome.Timeout(request.RequestUri!.Authority, _timeout);
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded ? CallbackOutcome.InvalidLength(200) with { Status = null }
                : CallbackOutcome.NoConnection();
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(CallbackUrl url, string? host, CallbackBodyType bodyType, byte[] body, string bucket, string requestId)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(bodyType == CallbackBodyType.Json ? "application/json" : "application/x-www-form-urlencoded");
#pragma warning disable CA5351 // The algorithm is OSS's choice.
        content.Headers.ContentMD5 = MD5.HashData(body);
#pragma warning restore CA5351
        var request = new HttpRequestMessage(HttpMethod.Post, url.Uri) { Content = content };
        request.Headers.Host = host;
        request.Headers.ConnectionClose = true;
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("Authorization", _key.Sign(url.Target, body)),
            ("Date", _clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
            ("User-Agent", "aliyun-oss-callback"),
            ("x-oss-additional-headers", ""),
            ("x-oss-bucket", bucket),
            ("x-oss-owner", Account),
            ("x-oss-pub-key-url", _key.PublicKeyUrlHeader),
            ("x-oss-request-id", requestId),
            ("x-oss-requester", Account),
            ("x-oss-signature-version", "1.0"),
            ("x-oss-tag", "CALLBACK"),
        ])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
