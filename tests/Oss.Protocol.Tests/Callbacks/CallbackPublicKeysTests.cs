using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests;

public sealed class CallbackPublicKeysTests : IDisposable
{
    private const string BuiltInUrl = "https://gosspublic.alicdn.com/callback_pub_key_v1.pem";
    private const string OtherUrl = "https://gosspublic.alicdn.com/callback_pub_key_v2.pem";

    private readonly RSA _key = RSA.Create(1024);
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly KeyServer _server = new();
    private readonly HttpClient _http;

    public CallbackPublicKeysTests()
    {
        _http = new HttpClient(_server);
        _server.Answer = _ => Pem(_key);
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        _key.Dispose();
    }

    [Theory]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("https://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("https://gosspublic.alicdn.com/callback_pub_key_v12.pem")]
    public void Pins_the_keys_of_OSS(string url) => Assert.True(CallbackPublicKeys.IsPinned(url));

    [Theory]
    [InlineData("")]
    [InlineData("http://gosspublic.alicdn.com.evil.example/callback_pub_key_v1.pem")]
    [InlineData("http://evil-gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublicxalicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com:80/callback_pub_key_v1.pem")]
    [InlineData("https://gosspublic.alicdn.com:8443/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com@evil.example/callback_pub_key_v1.pem")]
    [InlineData("http://user@gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/other/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/../callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com//callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com\\callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v12345.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v１.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem?x=1")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem#x")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem/")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem\n")]
    [InlineData(" http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("x http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("HTTP://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://GOSSPUBLIC.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("ftp://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("//gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    public async Task Admits_no_other_URL_and_does_not_ask_it(string url)
    {
        using var keys = Keys();
        Assert.False(CallbackPublicKeys.IsPinned(url));
        Assert.Null(await Find(keys, url));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Has_the_first_key_built_in()
    {
        var vector = Vector.Get("callback-verify", "cbv-docs");
        using var keys = Keys();

        foreach (var url in (string[])[BuiltInUrl, BuiltInUrl.Replace("https", "http", StringComparison.Ordinal)])
        {
            var key = await Find(keys, url);
            Assert.True(key!.Verify(vector.Input.Text("requestTarget"), vector.Input.GetProperty("bodyBase64").GetBytesFromBase64(), vector.Input.GetProperty("headers").Text("authorization")));
        }

        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("/////w==")]
    public async Task Finds_no_key_without_a_URL_in_base64(string? header)
    {
        using var keys = Keys();
        Assert.Null(await keys.FindAsync(header, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fetches_another_key_once_over_https_and_keeps_it()
    {
        using var keys = Keys();
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Find(keys, "http://gosspublic.alicdn.com/callback_pub_key_v2.pem")));
        _clock.Advance(TimeSpan.FromDays(30));

        Assert.All(found, Assert.NotNull);
        Assert.Same(found[0], await Find(keys, OtherUrl));
        Assert.Equal([OtherUrl], _server.Asked);
        Assert.True(found[0]!.Verify("/cb", [], CallbackSignature.Sign("/cb", [], _key)));
    }

    public static TheoryData<string> BadAnswers => new(Bad.Keys);

    private static readonly Dictionary<string, Func<RSA, HttpResponseMessage>> Bad = new()
    {
        ["404"] = _ => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("x") },
        ["204"] = _ => new HttpResponseMessage(HttpStatusCode.NoContent),
        ["a redirect"] = _ => new HttpResponseMessage(HttpStatusCode.Redirect) { Headers = { Location = new Uri("http://127.0.0.1/") } },
        ["no key"] = _ => new HttpResponseMessage { Content = new StringContent("<html>") },
        ["an empty body"] = _ => new HttpResponseMessage { Content = new ByteArrayContent([]) },
        ["too large a body"] = key => new HttpResponseMessage { Content = new StringContent(key.ExportSubjectPublicKeyInfoPem() + new string('\n', 16 * 1024)) },
        ["a chunked body"] = key => new HttpResponseMessage { Content = new StreamContent(new Unseekable(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()))) },
        ["no connection"] = _ => throw new HttpRequestException("refused"),
        ["no answer in time"] = _ => throw new TaskCanceledException("timeout"),
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task Remembers_for_5_minutes_that_a_key_could_not_be_had(string what)
    {
        using var keys = Keys();
        _server.Answer = _ => Bad[what](_key);

        Assert.Null(await Find(keys, OtherUrl));
        _server.Answer = _ => Pem(_key);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Null(await Find(keys, OtherUrl));
        Assert.Single(_server.Asked);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.NotNull(await Find(keys, OtherUrl));
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task Takes_a_key_whose_content_type_names_an_unknown_charset()
    {
        using var keys = Keys();
        _server.Answer = _ =>
        {
            var answer = Pem(_key);
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain; charset=nonsense");
            return answer;
        };
        Assert.NotNull(await Find(keys, OtherUrl));
    }

    [Fact]
    public async Task A_fetch_that_its_caller_gave_up_goes_on_for_the_next()
    {
        using var keys = Keys();
        using var given = new CancellationTokenSource();
        var answered = new TaskCompletionSource();
        _server.Wait = _ => answered.Task;
        var first = keys.FindAsync(Base64(OtherUrl), given.Token).AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = Find(keys, OtherUrl);
        answered.SetResult();
        Assert.NotNull(await second);
        Assert.Equal([OtherUrl], _server.Asked);
    }

    [Fact]
    public async Task Names_that_nobody_has_do_not_keep_a_key_out()
    {
        using var keys = Keys();
        _server.Answer = request => request.RequestUri!.AbsoluteUri == OtherUrl ? Pem(_key) : Bad["404"](_key);
        for (var version = 100; version < 140; version++)
        {
            Assert.Null(await Find(keys, Url(version)));
            Assert.Null(await Find(keys, Url(version)));
        }

        Assert.Equal(40, _server.Asked.Count);
        Assert.NotNull(await Find(keys, OtherUrl));
    }

    [Fact]
    public async Task Names_that_are_slow_to_be_refused_do_not_keep_a_key_waiting()
    {
        using var keys = Keys();
        var hanging = new TaskCompletionSource();
        _server.Wait = request => request.RequestUri!.AbsoluteUri == OtherUrl ? Task.CompletedTask : hanging.Task;
        var bogus = Enumerable.Range(100, 15).Select(version => Find(keys, Url(version))).ToArray();
        Assert.NotNull(await Find(keys, OtherUrl));
        Assert.All(bogus, waiting => Assert.False(waiting.IsCompleted));
        hanging.SetResult();
        await Task.WhenAll(bogus);
    }

    [Fact]
    public async Task Asks_for_sixteen_at_a_time_and_does_not_remember_what_it_did_not_ask()
    {
        using var keys = Keys();
        var hanging = new TaskCompletionSource();
        _server.Wait = _ => hanging.Task;
        var bogus = Enumerable.Range(100, 16).Select(version => Find(keys, Url(version))).ToArray();
        Assert.Null(await Find(keys, OtherUrl));
        Assert.DoesNotContain(OtherUrl, _server.Asked);

        hanging.SetResult();
        await Task.WhenAll(bogus);
        Assert.NotNull(await Find(keys, OtherUrl));
    }

    [Fact]
    public async Task Admits_the_key_of_an_emulator_only_where_it_is_configured()
    {
        const string url = "http://127.0.0.1:9000/callback_pub_key.pem";
        using var without = Keys();
        using var urlAlone = new CallbackPublicKeys(_http, _clock, url);
        using var with = new CallbackPublicKeys(_http, _clock, url, _key.ExportSubjectPublicKeyInfoPem());

        Assert.Null(await Find(without, url));
        Assert.Null(await Find(urlAlone, url));
        Assert.Null(await Find(with, url + "?"));
        Assert.Null(await Find(with, url.ToUpperInvariant()));
        Assert.True((await Find(with, url))!.Verify("/cb", [], CallbackSignature.Sign("/cb", [], _key)));
        Assert.NotNull(await Find(with, BuiltInUrl));
        Assert.Empty(_server.Asked);
    }

    private CallbackPublicKeys Keys() => new(_http, _clock);

    private static async Task<CallbackPublicKey?> Find(CallbackPublicKeys keys, string url) => await keys.FindAsync(Base64(url), TestContext.Current.CancellationToken);

    private static string Url(int version) => $"https://gosspublic.alicdn.com/callback_pub_key_v{version}.pem";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static HttpResponseMessage Pem(RSA key) => new() { Content = new StringContent(key.ExportSubjectPublicKeyInfoPem()) };

    private sealed class KeyServer : HttpMessageHandler
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        /// <summary>What a request waits for, whoever gives up meanwhile.</summary>
        public Func<HttpRequestMessage, Task> Wait { get; set; } = _ => Task.CompletedTask;

        public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => throw new InvalidOperationException();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request.RequestUri!.AbsoluteUri);
            await Task.Yield();
            await Wait(request);
            return Answer(request);
        }
    }

    // A body whose length nobody knows beforehand.
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
