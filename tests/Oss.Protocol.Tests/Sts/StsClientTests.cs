using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Oss.Protocol.Tests.Sts;

/// <summary>The client of STS over real HTTP: what it sends, and what it makes of answers.</summary>
public sealed class StsClientTests : IAsyncLifetime
{
    private const string Jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
    private const string Provider = "acs:ram::1234567890123456:oidc-provider/ack";
    private const string Lent = """
        {"RequestId":"964E0EC5-575B-4FF5-8FD0-D4BD8025602A","AssumedRoleUser":{"Arn":"acs:ram::1234567890123456:role/uploader/alice","AssumedRoleId":"300000000000000001:alice"},
        "Credentials":{"SecurityToken":"CAISlent","AccessKeyId":"STS.NTlent","AccessKeySecret":"lentSecret","Expiration":"2025-01-02T04:04:05Z"}}
        """;

    private static readonly AssumeRoleRequest Request = new("acs:ram::1234567890123456:role/uploader", "alice");

    private TestOss _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestOss.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Func<Arrived, HttpResponse, Task> Refuse(int status, string code, string message = "Refused.") => TestOss.Status(
        status, $$"""{"RequestId":"8C2F2C5B-1A52-4B9C-9D4E-000000000001","HostId":"sts","Code":"{{code}}","Message":"{{message}}","Recommend":"https://example.com"}""");

    private Task<TemporaryCredentials> AssumeAsync(OssRetry? retry = null, AccessKey? caller = null, CancellationToken? token = null) =>
        _server.Sts(caller ?? Some.Key, retry).AssumeRoleAsync(Request, token ?? Token);

    [Theory]
    [InlineData("acs3-basic")]
    [InlineData("acs3-policy")]
    public async Task Sends_what_the_SDK_does(string id)
    {
        var vector = Vector.Get("sts-acs3", id);
        var (given, headers) = (vector.Input.GetProperty("query"), vector.Input.GetProperty("headers"));
        using var sent = new Capture(Lent);
        using var http = new HttpClient(sent);
        var client = new StsClient(http, headers.Text("host"), vector.Key, _server.Clock, OssRetry.None, () => headers.Text("x-acs-signature-nonce"));

        await client.AssumeRoleAsync(
            new AssumeRoleRequest(given.Text("RoleArn"), given.Text("RoleSessionName")) { Duration = TimeSpan.FromSeconds(int.Parse(given.Text("DurationSeconds"))), Policy = given.TextOrNull("Policy") },
            Token);

        Assert.Equal(vector.Expected.Text("authorization"), sent.Headers["Authorization"]);
        Assert.All(headers.EnumerateObject(), header => Assert.Equal(header.Value.GetString(), sent.Headers[header.Name]));
        Assert.Equal("https://sts.cn-hangzhou.aliyuncs.com/", sent.Url!.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            given.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString())), OssEncoding.ParseQuery(sent.Url.Query[1..]));
    }

    [Fact]
    public async Task Reads_what_was_lent()
    {
        _server.Answer = TestOss.Ok(Lent);

        var lent = await AssumeAsync();

        Assert.Equal(new AccessKey("STS.NTlent", "lentSecret", "CAISlent"), lent.Key);
        Assert.Equal((Some.Time.AddHours(1), Request.RoleArn + "/alice", "300000000000000001:alice"), (lent.Expiration, lent.AssumedRoleArn, lent.AssumedRoleId));
    }

    [Fact]
    public async Task Signs_the_token_of_a_temporary_caller()
    {
        _server.Answer = TestOss.Ok(Lent);

        await AssumeAsync(caller: Some.TemporaryKey);

        var headers = _server.Requests.Single().Headers;
        Assert.Equal(Some.TemporaryKey.SecurityToken, headers["x-acs-security-token"]);
        Assert.Contains("x-acs-security-token", headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_an_OIDC_token_in_the_body_and_signs_nothing()
    {
        _server.Answer = TestOss.Ok(Lent);

        await _server.Sts(null).AssumeRoleWithOidcAsync(Request, Provider, Jwt, Token);

        var sent = _server.Requests.Single();
        Assert.Equal(("POST", "/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON&Timestamp=2025-01-02T03%3A04%3A05Z"), (sent.Method, sent.Target));
        Assert.Equal("application/x-www-form-urlencoded", sent.Headers["Content-Type"]);
        Assert.False(sent.Headers.ContainsKey("Authorization"));
        Assert.Equal(
            "RoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fuploader&RoleSessionName=alice&DurationSeconds=3600"
            + $"&OIDCProviderArn=acs%3Aram%3A%3A1234567890123456%3Aoidc-provider%2Fack&OIDCToken={Jwt}",
            Encoding.UTF8.GetString(sent.Body));
    }

    [Theory]
    [InlineData(400, "Throttling")]
    [InlineData(400, "Throttling.User")]
    [InlineData(429, "TooMany")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Asks_again_with_a_nonce_of_its_own_when_throttled(int status, string code)
    {
        _server.AnswerWith(Refuse(status, code), TestOss.Ok(Lent));

        Assert.Equal("STS.NTlent", (await AssumeAsync()).Key.Id);

        Assert.Equal(2, _server.Requests.Select(request => request.Headers["x-acs-signature-nonce"]).Distinct().Count());
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Gives_up_after_the_attempts_it_has()
    {
        _server.Answer = Refuse(503, "ServiceUnavailable");

        var refused = await Assert.ThrowsAsync<StsException>(() => AssumeAsync());

        Assert.Equal(new StsError("ServiceUnavailable", 503, "Refused.", "8C2F2C5B-1A52-4B9C-9D4E-000000000001"), refused.Error);
        Assert.Equal("ServiceUnavailable (HTTP 503): Refused. [request 8C2F2C5B-1A52-4B9C-9D4E-000000000001]", refused.Message);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Theory]
    [InlineData(403, "NoPermission")]
    [InlineData(404, "EntityNotExist.Role")]
    [InlineData(400, "ThrottlingIsNot")]
    [InlineData(501, "NotImplemented")]
    public async Task Takes_other_refusals_for_final(int status, string code)
    {
        _server.Answer = Refuse(status, code);

        var refused = await Assert.ThrowsAsync<StsException>(() => AssumeAsync());

        Assert.Equal((code, status), (refused.Error.Code, refused.Error.HttpStatus));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Goes_by_the_clock_of_STS_when_its_own_is_wrong()
    {
        _server.ServerAhead = TimeSpan.FromHours(2);
        _server.AnswerWith(Refuse(400, "InvalidTimeStamp.Expired"), TestOss.Ok(Lent));

        await AssumeAsync();

        Assert.Equal(["2025-01-02T03:04:05Z", "2025-01-02T05:04:05Z"], _server.Requests.Select(request => request.Headers["x-acs-date"]));
    }

    [Fact]
    public async Task Asks_again_when_the_connection_breaks()
    {
        _server.AnswerWith(TestOss.Break, TestOss.Ok(Lent));
        Assert.Equal("STS.NTlent", (await AssumeAsync()).Key.Id);

        _server.Answer = TestOss.Break;
        await Assert.ThrowsAsync<HttpRequestException>(() => AssumeAsync(OssRetry.None));
    }

    [Fact]
    public async Task Waits_thirty_seconds_and_no_longer()
    {
        var arrived = new TaskCompletionSource();
        _server.Answer = (_, response) =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted);
        };
        var call = AssumeAsync(OssRetry.None);
        await arrived.Task;

        _server.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        _server.Clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task Ends_when_its_caller_does_not_want_to_wait()
    {
        using var impatient = new CancellationTokenSource();
        _server.Answer = (_, response) =>
        {
            impatient.Cancel();
            return Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AssumeAsync(token: impatient.Token));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"Credentials":{"AccessKeyId":"STS.a","AccessKeySecret":"s","Expiration":"2025-01-02T04:04:05Z"},"AssumedRoleUser":{"Arn":"a","AssumedRoleId":"i"}}""")]
    [InlineData(200, """{"Credentials":{"AccessKeyId":"STS.a","AccessKeySecret":"s","SecurityToken":"","Expiration":"2025-01-02T04:04:05Z"},"AssumedRoleUser":{"Arn":"a","AssumedRoleId":"i"}}""")]
    [InlineData(200, """{"Credentials":{"AccessKeyId":"STS.a","AccessKeySecret":"s","SecurityToken":"t","Expiration":"soon"},"AssumedRoleUser":{"Arn":"a","AssumedRoleId":"i"}}""")]
    [InlineData(302, "")]
    [InlineData(403, "<html>Forbidden</html>")]
    [InlineData(400, """{"Code":7}""")]
    [InlineData(400, """"Code"""")]
    public async Task Says_what_is_no_answer_of_STS_by_its_status(int status, string body)
    {
        _server.Answer = TestOss.Status(status, body, ("x-acs-request-id", "8C2F2C5B-1A52-4B9C-9D4E-000000000002"));

        var refused = await Assert.ThrowsAsync<StsException>(() => AssumeAsync());

        Assert.Equal(($"Http{status}", "8C2F2C5B-1A52-4B9C-9D4E-000000000002"), (refused.Error.Code, refused.Error.RequestId));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Reads_no_more_of_an_answer_than_there_can_be()
    {
        _server.Answer = TestOss.Ok(new string(' ', 256 * 1024) + Lent);
        await Assert.ThrowsAsync<HttpRequestException>(() => AssumeAsync(OssRetry.None));
    }

    [Fact]
    public async Task Does_not_repeat_what_STS_repeats_of_the_request()
    {
        _server.AnswerWith(
            Refuse(400, "SignatureDoesNotMatch", "Specified signature does not match our calculation. server StringToSign is [x] server CanonicalRequest is [x-acs-security-token:CAISsimpletoken]"),
            Refuse(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken CAISsimpletoken is malformed."));

        var signature = await Assert.ThrowsAsync<StsException>(() => AssumeAsync(caller: Some.TemporaryKey));
        var token = await Assert.ThrowsAsync<StsException>(() => AssumeAsync(caller: Some.TemporaryKey));

        Assert.Equal("Specified signature does not match our calculation.", signature.Error.Message);
        Assert.Equal("Specified SecurityToken (token) is malformed.", token.Error.Message);
    }

    public static TheoryData<string, string, int, string?, string?> Impossible => new()
    {
        { "acs:ram::1:user/u", "alice", 3600, null, null },
        { "acs:ram:cn:1:role/u", "alice", 3600, null, null },
        { "acs:ram::1:role/u\n", "alice", 3600, null, null },
        { "", "alice", 3600, null, null },
        { "acs:ram::1:role/u", "a", 3600, null, null },
        { "acs:ram::1:role/u", new string('a', 65), 3600, null, null },
        { "acs:ram::1:role/u", "a b", 3600, null, null },
        { "acs:ram::1:role/u", "中文", 3600, null, null },
        { "acs:ram::1:role/u", "alice", 899, null, null },
        { "acs:ram::1:role/u", "alice", 43_201, null, null },
        { "acs:ram::1:role/u", "alice", 3600, "", null },
        { "acs:ram::1:role/u", "alice", 3600, new string(' ', 2049), null },
        { "acs:ram::1:role/u", "alice", 3600, null, "a" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task Sends_nothing_that_STS_would_refuse(string role, string session, int seconds, string? policy, string? externalId)
    {
        var request = new AssumeRoleRequest(role, session) { Duration = TimeSpan.FromSeconds(seconds), Policy = policy, ExternalId = externalId };

        await Assert.ThrowsAsync<ArgumentException>(() => _server.Sts(Some.Key).AssumeRoleAsync(request, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _server.Sts(null).AssumeRoleWithOidcAsync(request, Provider, Jwt, Token));

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("acs:ram::1:role/ack", Jwt)]
    [InlineData(Provider, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0")]
    [InlineData(Provider, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln\n")]
    [InlineData(Provider, "")]
    public async Task Sends_no_token_that_is_none(string provider, string token)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _server.Sts(null).AssumeRoleWithOidcAsync(Request, provider, token, Token));

        Assert.DoesNotContain("eyJ", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => _server.Sts(null).AssumeRoleWithOidcAsync(Request with { ExternalId = "external" }, Provider, Jwt, Token));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Takes_parameters_at_their_limits()
    {
        _server.Answer = TestOss.Ok(Lent);
        foreach (var seconds in (int[])[900, 43_200])
        {
            var request = new AssumeRoleRequest("acs:ram::1:role/" + new string('r', 64), new string('s', 64))
            {
                Duration = TimeSpan.FromSeconds(seconds), Policy = new string(' ', 2048), ExternalId = "_+=,.@:/-",
            };
            await _server.Sts(Some.Key).AssumeRoleAsync(request, Token);
        }

        Assert.Contains("DurationSeconds=43200&", _server.Requests[^1].Target, StringComparison.Ordinal);
        Assert.EndsWith("&ExternalId=_%2B%3D%2C.%40%3A%2F-", _server.Requests[^1].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Needs_a_key_to_sign_with() => await Assert.ThrowsAsync<InvalidOperationException>(() => _server.Sts(null).AssumeRoleAsync(Request, Token));

    [Theory]
    [InlineData("")]
    [InlineData("ftp://sts.aliyuncs.com")]
    [InlineData("https://sts.aliyuncs.com/path")]
    public void Needs_an_endpoint(string endpoint)
    {
        using var http = new HttpClient();
        Assert.Throws<FormatException>(() => new StsClient(http, endpoint, Some.Key, _server.Clock));
    }

    private sealed class Capture(string reply) : HttpMessageHandler
    {
        public Uri? Url { get; private set; }

        public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri;
            foreach (var (name, values) in request.Headers.NonValidated)
            {
                Headers.Add(name, values.ToString());
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(reply) });
        }
    }
}
