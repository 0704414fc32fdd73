using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.UploadSessions;
using SessionClient = OssCallbackFunctions.Tests.UploadSessions.SessionClient;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>A capability URL that was altered, is over, or was made by somebody else opens nothing.</summary>
[Trait("hole", "s10")]
public sealed class TokenTests(RunningApp app)
{
    private const string Purpose = "upload-session";

    private static readonly (HttpStatusCode, string?) NotFound = (HttpStatusCode.NotFound, "session_not_found");
    private static readonly object Many = new { kind = "session", profile = "files", subject = "alice" };

    [Fact]
    public async Task A_token_is_void_when_one_bit_of_it_is_another_wherever_it_is()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var token = client.Endpoint[(client.Endpoint.LastIndexOf('/') + 1)..];
        var bytes = Base64Url.DecodeFromChars(token);
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = bytes.ToArray();
            altered[i] ^= (byte)(1 << (i % 8));
            await OpensNothingAsync(Base64Url.EncodeToString(altered));
        }

        foreach (var other in (string[])[token[..^4], token + token, token + "AAAA", "AAAA" + token, token.ToUpperInvariant(), new string(token.Reverse().ToArray()), new string('A', token.Length), "AQ", "-", "~"])
        {
            await OpensNothingAsync(other);
        }

        await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=a.bin");
    }

    [Fact]
    public async Task What_a_token_says_cannot_be_changed_by_who_reads_it()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var token = client.Endpoint[(client.Endpoint.LastIndexOf('/') + 1)..];
        var text = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(token));
        foreach (var (from, to) in ((string, string)[])[("alice", "bobby"), ("files", "drafts"), ("\"issued\":\"20", "\"issued\":\"30"), ("\"expires\":\"20", "\"expires\":\"30")])
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            await OpensNothingAsync(Base64Url.EncodeToString(Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task A_token_of_another_secret_or_for_another_purpose_is_void()
    {
        var session = Session(DateTimeOffset.UtcNow.AddHours(1));
        await OpensNothingAsync(Seal(session, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        await OpensNothingAsync(Seal(session, app.GrantsSecret, "multipart-upload"));
        await OpensNothingAsync(Seal(session with { V = 2 }, app.GrantsSecret));
        var client = new SessionClient(app, $"{app.Stack.App.Url}/api/u/{Seal(session, app.GrantsSecret)}");
        await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=a.bin");
    }

    [Fact]
    public async Task A_session_that_is_over_begins_nothing()
    {
        var client = new SessionClient(app, $"{app.Stack.App.Url}/api/u/{Seal(Session(DateTimeOffset.UtcNow.AddSeconds(-1)), app.GrantsSecret)}");
        var over = (HttpStatusCode.Forbidden, (string?)"session_expired");
        Assert.Equal(over, await client.RefusedAsync(HttpMethod.Get, "/s3/params?filename=a.bin"));
        Assert.Equal(over, await client.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "a.bin" }));
    }

    [Fact]
    public async Task What_else_the_app_gave_out_is_no_token()
    {
        var attacker = new Attacker(app);
        var lent = await attacker.LendAsync();
        var (answer, client) = await SessionClient.OpenAsync(app, Many);
        var (_, uploadId) = await client.BeginAsync();
        var grant = lent.Url[(lent.Url.IndexOf("/oss/", StringComparison.Ordinal) + 5)..].Replace("/", "", StringComparison.Ordinal);
        foreach (var other in (string[])[grant, lent.Id, answer.GetProperty("id").GetString()!, uploadId, uploadId.Split('~')[^1], app.Stack.FunctionKey])
        {
            await OpensNothingAsync(other);
        }
    }

    [Fact]
    public async Task A_token_is_no_longer_than_README_says()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        Assert.InRange(client.Endpoint[(client.Endpoint.LastIndexOf('/') + 1)..].Length, 260, 420);

        string Long(int bytes) => new('中', bytes / 3);
        var asked = new UploadCredentialRequest
        {
            Profile = new string('p', 64), Key = Long(1023), ContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document; charset=utf-8", Size = long.MaxValue,
            Md5 = Convert.ToBase64String(new byte[16]), Subject = Long(128), TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            Variables = Enumerable.Range(0, 10).ToDictionary(number => new string('v', 31) + number, _ => Long(102)),
        };
        var longest = Session(DateTimeOffset.UtcNow.AddHours(1)) with { Id = new string('u', UploadIds.Length), Caller = new string('c', 64), HasManyFiles = false, Asked = asked };
        var token = Seal(longest, app.GrantsSecret);
        Assert.InRange(token.Length, 4000, 5000);
        var opened = UploadSession.Parse(new Seals(Options.Create(new GrantOptions { Secret = app.GrantsSecret })).Open(Purpose, token)!)!;
        Assert.Equal(longest.ToBytes(), opened.ToBytes());
    }

    private static UploadSession Session(DateTimeOffset expires) =>
        new(Guid.NewGuid().ToString("N"), DateTimeOffset.UtcNow.AddHours(-2), expires, null, true, new UploadCredentialRequest { Profile = "files", Subject = "alice" });

    private static string Seal(UploadSession session, string secret, string purpose = Purpose) =>
        new Seals(Options.Create(new GrantOptions { Secret = secret })).Seal(purpose, session.ToBytes());

    private async Task OpensNothingAsync(string token)
    {
        var forger = new SessionClient(app, $"{app.Stack.App.Url}/api/u/{token}");
        Assert.Equal(NotFound, await forger.RefusedAsync(HttpMethod.Get, "/s3/params?filename=a.bin"));
    }
}
