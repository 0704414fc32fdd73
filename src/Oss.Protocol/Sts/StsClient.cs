using System.Globalization;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// A client of Alibaba Cloud's Security Token Service, which lends temporary keys. Every method throws <see cref="ArgumentException"/> before anything is sent when the request cannot be,
/// <see cref="StsException"/> when STS refuses, and <see cref="HttpRequestException"/>, <see cref="IOException"/> or <see cref="TimeoutException"/> when the connection fails, after the
/// attempts that <see cref="OssRetry"/> allows. STS takes 100 requests a second of an account: see <see cref="TemporaryCredentialsCache"/>. Safe for concurrent use.
/// Source: RAM documentation, "AssumeRole", "AssumeRoleWithOIDC" (version 2015-04-01).
/// </summary>
public sealed class StsClient
{
    private const string Version = "2015-04-01";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const int MaxReply = 256 * 1024;

    // Connect, request and reply of one attempt.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _http;
    private readonly OssEndpoint _endpoint;
    private readonly AccessKey? _caller;
    private readonly TimeProvider _clock;
    private readonly OssRetry _retry;
    private readonly Func<string> _nonce;
    private long _clockOffsetTicks;

    /// <summary>A client of one endpoint.</summary>
    /// <param name="http">Should follow no redirects; an attempt ends after 30 s whatever its timeout.</param>
    /// <param name="endpoint"><c>sts.cn-hangzhou.aliyuncs.com</c> (https), or with a scheme and a port. Over http, all can read what is lent: for tests alone.</param>
    /// <param name="caller">Key of a RAM user, or a temporary key, that may assume the role (not the account's own); null for who has none and calls <see cref="AssumeRoleWithOidcAsync"/>.</param>
    /// <param name="clock">The time for signatures and delays; when STS finds it wrong, its Date is gone by.</param>
    /// <param name="retry">Null: as OSS's SDKs do.</param>
    /// <exception cref="FormatException">The endpoint is not an http or https endpoint without a path.</exception>
    public StsClient(HttpClient http, string endpoint, AccessKey? caller, TimeProvider clock, OssRetry? retry = null)
        : this(http, endpoint, caller, clock, retry, () => Guid.NewGuid().ToString("N"))
    {
    }

    internal StsClient(HttpClient http, string endpoint, AccessKey? caller, TimeProvider clock, OssRetry? retry, Func<string> nonce)
    {
        _http = http;
        _endpoint = OssEndpoint.TryParse(endpoint, isCustomDomain: false, out var parsed)
            ? parsed
            : throw new FormatException($"'{endpoint}' is no STS endpoint: expected a host such as sts.cn-hangzhou.aliyuncs.com, or http(s)://host[:port], without a path.");
        _caller = caller;
        _clock = clock;
        _retry = retry ?? new OssRetry();
        _nonce = nonce;
    }

    /// <summary>Lends a key of a role to the caller. Signed with <see cref="Acs3Signature"/>.</summary>
    /// <exception cref="InvalidOperationException">The client has no key to sign with.</exception>
    public Task<TemporaryCredentials> AssumeRoleAsync(AssumeRoleRequest request, CancellationToken cancellationToken = default) =>
        AssumeRoleAsync(request, _caller ?? throw new InvalidOperationException("AssumeRole is signed: the client needs the key of a caller."), cancellationToken);

    /// <summary>As the other, for a caller whose key changes. With a temporary key (role chaining) STS lends for an hour at most.</summary>
    public Task<TemporaryCredentials> AssumeRoleAsync(AssumeRoleRequest request, AccessKey caller, CancellationToken cancellationToken = default)
    {
        request.Check();
        var parameters = request.Parameters();
        return SendAsync(time => Signed(caller, parameters, time), caller.SecurityToken, cancellationToken);
    }

    /// <summary>Lends a key of a role to whom an identity provider vouches for. Not signed: the token is the proof.</summary>
    /// <param name="request">Role and session; it must have no external id.</param>
    /// <param name="providerArn"><c>acs:ram::ACCOUNT:oidc-provider/NAME</c>, the name 1 to 128 letters, digits, ".", "_" or "-".</param>
    /// <param name="token">The provider's JWT: three parts, 4 to 20,000 characters. It is sent in the body, and not kept.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<TemporaryCredentials> AssumeRoleWithOidcAsync(AssumeRoleRequest request, string providerArn, string token, CancellationToken cancellationToken = default)
    {
        request.Check();
        OidcParameters.Check(request, providerArn, token);
        List<KeyValuePair<string, string>> parameters = [.. request.Parameters(), new("OIDCProviderArn", providerArn), new("OIDCToken", token)];
        return SendAsync(time => Unsigned(parameters, time), token, cancellationToken);
    }

    private async Task<TemporaryCredentials> SendAsync(Func<string, HttpRequestMessage> make, string? secret, CancellationToken cancellationToken)
    {
        // Doing it twice lends two keys, of which one is forgotten: there is nothing that may not be repeated.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(make, secret, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (attempt < _retry.Attempts && OssRetry.IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(_retry.DelayAfter(attempt), _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<TemporaryCredentials> AttemptAsync(Func<string, HttpRequestMessage> make, string? secret, CancellationToken cancellationToken)
    {
        var time = _clock.GetUtcNow().AddTicks(Interlocked.Read(ref _clockOffsetTicks));
        using var message = make(time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        using var timeout = new CancellationTokenSource(AttemptTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(MaxReply, either.Token).ConfigureAwait(false);
            var json = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            var (status, requestId) = ((int)response.StatusCode, OssTransport.Header(response, "x-acs-request-id"));
            if (response.IsSuccessStatusCode)
            {
                return TemporaryCredentials.Parse(json) ?? throw new StsException(StsError.WithoutCode(status, requestId));
            }

            var error = StsError.Parse(json, status, requestId, secret);
            if (error.Code == StsError.TimeExpired && response.Headers.Date is { } serverTime)
            {
                Interlocked.Exchange(ref _clockOffsetTicks, (serverTime - _clock.GetUtcNow()).Ticks);
            }

            throw new StsException(error);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"STS did not answer within {AttemptTimeout.TotalSeconds:0} s.", e);
        }
    }

    private HttpRequestMessage Signed(AccessKey caller, List<KeyValuePair<string, string>> parameters, string time)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new("host", _endpoint.Authority), new("x-acs-action", "AssumeRole"), new("x-acs-version", Version), new("x-acs-date", time),
            new("x-acs-signature-nonce", _nonce()), new(Acs3Signature.ContentHashHeader, Acs3Signature.ContentHash([])),
        ];
        if (caller.IsTemporary)
        {
            headers.Add(new("x-acs-security-token", caller.SecurityToken!));
        }

        headers.Add(new("Authorization", Acs3Signature.Authorization(caller, "POST", "/", parameters.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)), headers)));
        return Message(parameters, headers);
    }

    private HttpRequestMessage Unsigned(List<KeyValuePair<string, string>> parameters, string time)
    {
        var message = Message([new("Action", "AssumeRoleWithOIDC"), new("Version", Version), new("Format", "JSON"), new("Timestamp", time)], []);
        message.Content = new FormUrlEncodedContent(parameters);
        return message;
    }

    private HttpRequestMessage Message(IEnumerable<KeyValuePair<string, string>> query, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var text = new StringBuilder(_endpoint.Origin(null)).Append('/');
        var separator = '?';
        foreach (var (name, value) in query)
        {
            text.Append(separator).Append(name).Append('=').Append(OssEncoding.Encode(value));
            separator = '&';
        }

        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(text.ToString(), AsIs));
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        // Without it, STS answers in XML.
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        return message;
    }
}
