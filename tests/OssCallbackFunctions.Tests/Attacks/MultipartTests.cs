using System.Net;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>Multipart uploads of others, and uploads cut short.</summary>
public sealed class MultipartTests(RunningApp app)
{
    private static readonly byte[] First = new byte[102_400];
    private static readonly (HttpStatusCode, string?) NotFound = (HttpStatusCode.NotFound, "multipart_not_found");

    private readonly Attacker _attacker = new(app);

    [Fact]
    [Trait("hole", "s10")]
    public async Task Anothers_upload_cannot_be_read_added_to_completed_or_given_up()
    {
        var (_, victim) = await OpenAsync("alice");
        var (_, mallory) = await OpenAsync("mallory");
        var (key, uploadId) = await victim.BeginAsync();
        var (ownKey, ownUploadId) = await mallory.BeginAsync();
        var etag = await victim.SendPartAsync(uploadId, key, 1, [1]);
        var (ticket, own) = (uploadId.Split('~'), ownUploadId.Split('~'));
        string Mixed(params int[] fromVictim) => string.Join('~', own.Select((piece, index) => fromVictim.Contains(index) ? ticket[index] : piece));
        (string UploadId, string Key)[] attempts =
        [
            (uploadId, key), (uploadId, ownKey), (ownUploadId, key), (ownUploadId, ownKey.ToUpperInvariant()), (ownUploadId, ownKey + "x"), (ownUploadId, ownKey[..^1]), (ownUploadId, ""),
            (ticket[0], key), (own[0], ownKey), (Mixed(0), key), (Mixed(0), ownKey), (Mixed(1), ownKey), (Mixed(0, 1, 2, 3), key), (Mixed(4), ownKey), (ownUploadId + "~", ownKey), ("~" + ownUploadId, ownKey),
            (string.Join('~', own[0], own[1], own[2], "9999999999", own[4]), ownKey), (string.Join('~', own[0], own[1], "0", own[3], own[4]), ownKey), (ownUploadId[..^1], ownKey), ("~~~~", ownKey),
        ];
        foreach (var (id, named) in attempts)
        {
            Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named)));
            Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named, "/1")));
            Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named, "/batch") + "&partNumbers=1,2"));
            Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Post, SessionClient.Path(id, named, "/complete"), SessionClient.Parts((1, etag))));
            Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Delete, SessionClient.Path(id, named)));
        }

        Assert.Equal(NotFound, await mallory.RefusedAsync(HttpMethod.Get, SessionClient.Path(ownUploadId, key) + "&key=" + Uri.EscapeDataString(ownKey)));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        await victim.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)));
        await mallory.GoodAsync(HttpMethod.Delete, SessionClient.Path(ownUploadId, ownKey));
    }

    [Theory]
    [Trait("hole", "s10")]
    [InlineData("partNumber=1", "partNumber=2")]
    [InlineData("uploadId=[^&]*", "uploadId=VICTIM")]
    [InlineData("uploadId=[^&]*&?", "")]
    [InlineData("partNumber=1&?", "")]
    [InlineData("big%20file", "other")]
    [InlineData("x-oss-expires=\\d+", "x-oss-expires=604800")]
    public async Task A_URL_for_one_part_is_for_no_other_part_upload_or_key(string pattern, string replacement)
    {
        var (_, client) = await OpenAsync("mallory");
        var (_, other) = await OpenAsync("alice");
        var (key, uploadId) = await client.BeginAsync();
        var (_, victim) = await other.BeginAsync();
        var url = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        var altered = System.Text.RegularExpressions.Regex.Replace(url, pattern, replacement.Replace("VICTIM", victim.Split('~')[0], StringComparison.Ordinal));
        Assert.NotEqual(url, altered);
        Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Put, altered, [1]));
        await client.SendAsync(url, [1]);
    }

    [Fact]
    [Trait("hole", "s16")]
    public async Task An_upload_cut_short_is_completed_by_no_list_of_parts()
    {
        var (answer, client) = await SessionClient.OpenAsync(app, new { kind = "put", profile = "files", subject = "u", fileName = "a.bin", size = 102_401 });
        var (key, uploadId) = await client.BeginAsync();
        var complete = SessionClient.Path(uploadId, key, "/complete");
        var one = await client.SendPartAsync(uploadId, key, 1, First);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Post, complete, SessionClient.Parts((1, one), (2, one))));
        var two = await client.SendPartAsync(uploadId, key, 2, [2]);
        (object Parts, string Code)[] attempts =
        [
            (SessionClient.Parts(), "invalid_parts"), (SessionClient.Parts((1, one)), "invalid_size"), (SessionClient.Parts((2, two)), "invalid_size"), (SessionClient.Parts((1, one), (2, two), (3, two)), "invalid_parts"),
            (SessionClient.Parts((1, one), (1, one)), "invalid_parts"), (SessionClient.Parts((2, two), (1, one)), "invalid_parts"), (SessionClient.Parts((0, one), (1, one)), "invalid_parts"),
            (SessionClient.Parts((1, one), (10_001, two)), "invalid_parts"), (SessionClient.Parts((1, "*"), (2, "*")), "invalid_parts"), (SessionClient.Parts((1, ""), (2, "")), "invalid_parts"),
        ];
        foreach (var (parts, code) in attempts)
        {
            Assert.Equal((HttpStatusCode.BadRequest, code), await client.RefusedAsync(HttpMethod.Post, complete, parts));
        }

        // OSS would take what there is, for this header; it goes to OSS from nobody.
        using var all = new HttpRequestMessage(HttpMethod.Post, RunningApp.Raw(client.Endpoint + complete)) { Content = new StringContent("{}"), Headers = { { "x-oss-complete-all", "yes" } } };
        Assert.Equal("invalid_parts", (await _attacker.SendAsync(all)).Code);
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        Assert.Empty(app.Events(answer.GetProperty("id").GetString()!));
        await client.GoodAsync(HttpMethod.Post, complete, SessionClient.Parts((1, one), (2, two)));
        Assert.Equal(102_401, Assert.Single(await app.EventsOfAsync(answer.GetProperty("id").GetString()!)).GetProperty("data").GetProperty("size").GetInt64());
    }

    [Fact]
    [Trait("hole", "s16")]
    public async Task The_uploader_cannot_complete_at_OSS_without_the_app()
    {
        var (_, client) = await OpenAsync("mallory");
        var (key, uploadId) = await client.BeginAsync();
        var etag = await client.SendPartAsync(uploadId, key, 1, [1]);
        var part = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        var bare = $"{part.Split('?')[0]}?uploadId={uploadId.Split('~')[0]}";
        var xml = System.Text.Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>");
        foreach (var url in (string[])[bare, part, part.Replace("partNumber=1&", "", StringComparison.Ordinal), part.Replace("partNumber", "x", StringComparison.Ordinal)])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Post, url, xml));
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Post, url, [], ("x-oss-complete-all", "yes")));
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Delete, url, []));
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Get, url, []));
        }

        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)));
    }

    [Fact]
    [Trait("hole", "s6")]
    public async Task Parts_have_together_no_more_than_the_profile_allows()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "photos", subject = "u" });
        var begun = await client.GoodAsync(HttpMethod.Post, "/s3/multipart", new { filename = "a.png", type = "image/png" });
        var (key, uploadId) = (begun.GetProperty("key").GetString()!, begun.GetProperty("uploadId").GetString()!);
        var url = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        var none = await client.SendAsync(url, []);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, none))));
        var fits = await client.SendAsync(url, new byte[1000]);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, fits)));
    }

    public static TheoryData<string, string> Looks => new() { { "POST", "/complete" }, { "GET", "/1" }, { "GET", "/batch" }, { "GET", "" } };

    [Theory]
    [Trait("hole", "s6")]
    [MemberData(nameof(Looks))]
    public async Task An_upload_whose_parts_have_more_bytes_than_it_may_is_given_up_whatever_is_asked_next(string method, string step)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "photos", subject = "u" });
        var (key, uploadId) = await client.BeginAsync("a.png", "image/png");
        var etag = await client.SendAsync((await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!, new byte[1001]);
        var body = method == "POST" ? SessionClient.Parts((1, etag)) : null;
        Assert.Equal((HttpStatusCode.BadRequest, "upload_too_large"), await client.RefusedAsync(new HttpMethod(method), SessionClient.Path(uploadId, key, step) + "&partNumbers=1", body));
        await Assert.ThrowsAsync<Oss.Protocol.OssException>(() => app.Oss.ListPartsAsync(Stack.Bucket, key, uploadId.Split('~')[0]).ToListAsync().AsTask());
        Assert.Equal(NotFound, await client.RefusedAsync(new HttpMethod(method), SessionClient.Path(uploadId, key, step) + "&partNumbers=1", body));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
    }

    [Fact]
    [Trait("hole", "s6")]
    public async Task An_upload_of_a_known_size_has_no_byte_more_whoever_cuts_it()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "put", profile = "files", subject = "u", fileName = "a.bin", size = 102_401 });
        var (key, uploadId) = await client.BeginAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/3")));
        var one = await client.SendPartAsync(uploadId, key, 1, First);
        var two = await client.SendPartAsync(uploadId, key, 2, [2, 2]);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "upload_too_large"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, one), (2, two))));
    }

    [Theory]
    [Trait("hole", "s6")]
    [InlineData("photos", "image/png", 1)]
    [InlineData("files", "text/plain", 10_000)]
    public async Task No_part_is_signed_beyond_those_that_the_largest_file_can_be_cut_into(string profile, string type, int most)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile, subject = "u" });
        var (key, uploadId) = await client.BeginAsync("a.png", type);
        var refused = (HttpStatusCode.BadRequest, "invalid_parts");
        Assert.Equal(refused, await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, $"/{most + 1}")));
        Assert.Equal(refused, await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/batch") + $"&partNumbers=1,{most + 1}"));
        await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/batch") + $"&partNumbers=1,{most}");
    }

    [Fact]
    [Trait("hole", "s6")]
    public async Task A_part_that_is_signed_again_has_the_size_it_was_lent_with()
    {
        var (answer, client) = await SessionClient.OpenAsync(app, new { kind = "multipart", profile = "files", subject = "u", fileName = "a.bin", size = 3 });
        var lent = answer.GetProperty("multipart");
        var (key, uploadId) = (lent.GetProperty("key").GetString()!, lent.GetProperty("uploadId").GetString()!);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/2")));
        var one = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        var again = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/batch") + "&partNumbers=1")).GetProperty("presignedUrls").GetProperty("1").GetString()!;
        foreach (var url in (string[])[one, again])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Put, url, [1, 2, 3, 4]));
            Assert.Equal(HttpStatusCode.Forbidden, await AskOssAsync(HttpMethod.Put, url, [1, 2]));
        }

        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, await client.SendAsync(again, [1, 2, 3]))));
    }

    [Fact]
    [Trait("hole", "s9")]
    public async Task Anothers_object_is_not_replaced_by_parts()
    {
        var key = RunningApp.NewKey();
        var (answer, client) = await SessionClient.OpenAsync(app, new { key, kind = "multipart", size = 1 });
        var uploadId = answer.GetProperty("multipart").GetProperty("uploadId").GetString()!;
        var etag = await client.SendAsync(answer.GetProperty("multipart").GetProperty("parts")[0].GetProperty("url").GetString()!, [1]);
        await _attacker.StoreAsync(key, "the victim's");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((HttpStatusCode.Conflict, "object_exists"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag))));
        }

        Assert.Equal((HttpStatusCode.Conflict, "object_exists"), await app.RefusalAsync("/api/uploads", new { key, kind = "multipart", size = 1 }));
        using var stored = await app.GetObjectAsync(key);
        Assert.Equal("the victim's", await stored.Content.ReadAsStringAsync());
        await _attacker.NobodyIsToldOfAsync(key, answer.GetProperty("id").GetString());
    }

    private Task<(System.Text.Json.JsonElement Answer, SessionClient Client)> OpenAsync(string subject) => SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject });

    private async Task<HttpStatusCode> AskOssAsync(HttpMethod method, string url, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, RunningApp.Raw(url)) { Content = method == HttpMethod.Get ? null : new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return (await _attacker.SendAsync(request)).Status;
    }
}
