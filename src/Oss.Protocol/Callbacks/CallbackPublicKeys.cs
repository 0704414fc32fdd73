using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Oss.Protocol;

/// <summary>
/// The keys that OSS signs callbacks with, by the URL in <c>x-oss-pub-key-url</c>. Only <c>http(s)://gosspublic.alicdn.com/callback_pub_key_v&lt;n&gt;.pem</c> counts: any
/// other URL would let a caller bring a key of his own. Version 1, the only one seen in use, is built in; another is fetched once and kept.
/// Safe for concurrent use; one instance per process.
/// </summary>
public sealed partial class CallbackPublicKeys : IDisposable
{
    /// <summary>The host that keys come from.</summary>
    public const string KeyHost = "gosspublic.alicdn.com";

    /// <summary>The longest that a callback waits for a key that is not known yet.</summary>
    public static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(2);

    private const string BuiltInPath = "/callback_pub_key_v1.pem";

    private const string BuiltInKey =
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGsC0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==";

    private const int MaxKeyBytes = 16 * 1024;
    private const int MaxFetches = 16;
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly CallbackPublicKey _builtIn = CallbackPublicKey.Parse(BuiltInKey);
    private readonly (string Url, CallbackPublicKey Key)? _test;

    // Of one to four digits there are 11,110 names: what is remembered needs no other bound, and names that nobody has keep no key out.
    private readonly ConcurrentDictionary<string, Fetched> _fetched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<CallbackPublicKey?>>> _fetching = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(MaxFetches);

    /// <summary>Keys of OSS, and of an emulator where one is admitted.</summary>
    /// <param name="http">Fetches keys that are not built in; must not follow redirects.</param>
    /// <param name="clock">Measures how long a failed fetch is remembered.</param>
    /// <param name="testKeyUrl">Exact URL that an emulator names for its key. Null, as it must be in production: none is admitted.</param>
    /// <param name="testKeyPem">The emulator's key; see <see cref="CallbackPublicKey.Parse"/>.</param>
    public CallbackPublicKeys(HttpClient http, TimeProvider clock, string? testKeyUrl = null, string? testKeyPem = null)
    {
        _http = http;
        _clock = clock;
        _test = testKeyUrl is null || testKeyPem is null ? null : (testKeyUrl, CallbackPublicKey.Parse(testKeyPem));
    }

    /// <summary>Whether a key may come from this URL.</summary>
    public static bool IsPinned(string url) => PinnedUrl().IsMatch(url);

    /// <summary>Finds the key that a callback names.</summary>
    /// <param name="keyUrlBase64">Value of <c>x-oss-pub-key-url</c>; null when the header is missing.</param>
    /// <param name="cancellationToken">Ends the wait for a key that has to be fetched.</param>
    /// <returns>Null when the URL is none of OSS's, or its key cannot be had now.</returns>
    public ValueTask<CallbackPublicKey?> FindAsync(string? keyUrlBase64, CancellationToken cancellationToken)
    {
        if (!OssEncoding.TryDecodeBase64(keyUrlBase64, out var bytes))
        {
            return ValueTask.FromResult<CallbackPublicKey?>(null);
        }

        var url = Encoding.UTF8.GetString(bytes);
        if (_test is { } test && url == test.Url)
        {
            return ValueTask.FromResult<CallbackPublicKey?>(test.Key);
        }

        if (!IsPinned(url))
        {
            return ValueTask.FromResult<CallbackPublicKey?>(null);
        }

        var path = url[url.LastIndexOf('/')..];
        return path == BuiltInPath ? ValueTask.FromResult<CallbackPublicKey?>(_builtIn)
            : Remembered(path, out var known) ? ValueTask.FromResult(known)
            : FetchAsync(path, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _builtIn.Dispose();
        _test?.Key.Dispose();
        foreach (var fetched in _fetched.Values)
        {
            fetched.Key?.Dispose();
        }

        _slots.Dispose();
    }

    private bool IsOldFailure(Fetched fetched) => fetched.Key is null && _clock.GetUtcNow() >= fetched.Time + RetryAfterFailure;

    private bool Remembered(string path, out CallbackPublicKey? key)
    {
        key = null;
        if (!_fetched.TryGetValue(path, out var fetched) || IsOldFailure(fetched))
        {
            return false;
        }

        key = fetched.Key;
        return true;
    }

    // Callers who name one key wait for one fetch, which goes on when one of them leaves; another key's does not wait for it.
    private async ValueTask<CallbackPublicKey?> FetchAsync(string path, CancellationToken cancellationToken) =>
        await _fetching.GetOrAdd(path, name => new(() => FetchAsync(name))).Value.WaitAsync(cancellationToken).ConfigureAwait(false);

    private async Task<CallbackPublicKey?> FetchAsync(string path)
    {
        using var deadline = new CancellationTokenSource(FetchTimeout);
        try
        {
            if (Remembered(path, out var known))
            {
                return known;
            }

            // What gets no turn is not asked, and not remembered.
            if (!await _slots.WaitAsync(FetchTimeout / 2, CancellationToken.None).ConfigureAwait(false))
            {
                return null;
            }

            try
            {
                var key = await DownloadAsync(path, deadline.Token).ConfigureAwait(false);
                _fetched[path] = new Fetched(key, _clock.GetUtcNow());
                return key;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            _fetching.TryRemove(path, out _);
        }
    }

    private async Task<CallbackPublicKey?> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync($"https://{KeyHost}{path}", HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != System.Net.HttpStatusCode.OK || response.Content.Headers.ContentLength is not (> 0 and <= MaxKeyBytes))
            {
                return null;
            }

            // PEM is ASCII, whatever charset the reply names.
            return CallbackPublicKey.Parse(Encoding.ASCII.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)));
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException or OperationCanceledException)
        {
            return null;
        }
    }

    // The whole URL: no port, no user, no query, no other folder.
    [GeneratedRegex(@"\Ahttps?://gosspublic\.alicdn\.com/callback_pub_key_v[0-9]{1,4}\.pem\z", RegexOptions.CultureInvariant)]
    private static partial Regex PinnedUrl();

    private sealed record Fetched(CallbackPublicKey? Key, DateTimeOffset Time);
}
