using System.Net;
using System.Text.Json;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>What a cautious operator's settings hold against: late forms, stripped addresses, another bucket, sources at home.</summary>
[Collection(nameof(Strict))]
public sealed class StrictTests(StrictApp app)
{
    [Fact]
    public async Task A_form_is_void_when_it_is_over_whichever_way_it_was_lent()
    {
        var asked = new { profile = "brief" };
        var form = await app.FormAsync(asked);
        var alibaba = await app.Client.PostAsync("/api/uploads/form-policy", asked, default);
        var (answer, _) = await SessionClient.OpenAsync(app, new { asked.profile, kind = "form" });
        var (_, session) = await SessionClient.OpenAsync(app, new { asked.profile, kind = "session" });
        var uppy = await session.GoodAsync(HttpMethod.Get, "/s3/params?filename=a.bin");
        await Task.Delay(TimeSpan.FromSeconds(3));
        foreach (var lent in (JsonElement[])[form, answer.GetProperty("form"), uppy])
        {
            await IsOverAsync(await app.SendFormAsync(lent, [1]), lent.GetProperty("fields").GetProperty("key").GetString()!);
        }

        var key = alibaba.GetProperty("dir").GetString() + alibaba.GetProperty("filename").GetString();
        using var body = new MultipartFormDataContent { { new StringContent(key), "key" } };
        foreach (var (field, member) in ((string, string)[])[
            ("policy", "policy"), ("x-oss-signature", "signature"), ("x-oss-signature-version", "x_oss_signature_version"), ("x-oss-credential", "x_oss_credential"), ("x-oss-date", "x_oss_date"), ("callback", "callback")])
        {
            body.Add(new StringContent(alibaba.GetProperty(member).GetString()!), field);
        }

        body.Add(new ByteArrayContent([1]), "file", "a.bin");
        using var response = await app.Outside.PostAsync(alibaba.GetProperty("host").GetString(), body);
        await IsOverAsync((response.StatusCode, await response.Content.ReadAsStringAsync()), key);
    }

    [Fact]
    [Trait("hole", "s3")]
    public async Task Each_of_five_callback_addresses_is_bound()
    {
        var lent = Loot.Of(await app.PresignAsync(new { profile = "files", callback = "header" }));
        Assert.Equal(OssLimits.MaxCallbackUrls, lent.Callback.Urls.Count);
        Assert.All(lent.Callback.Urls, url => Assert.EndsWith(new Uri(lent.Callback.Urls[0]).AbsolutePath, url, StringComparison.Ordinal));
        for (var i = 0; i < OssLimits.MaxCallbackUrls; i++)
        {
            string[] without = [.. lent.Callback.Urls.Where((_, at) => at != i)];
            string[] replaced = [.. lent.Callback.Urls.Select((url, at) => at == i ? "http://127.0.0.1:9/" : url)];
            foreach (var urls in (string[][])[without, replaced])
            {
                var altered = new CallbackParameter { Urls = urls, Body = lent.Callback.Body, BodyType = lent.Callback.BodyType }.ToBase64();
                var (refused, _) = await app.PutAsync(lent.Put, [1], request => PutChanges.Set(request, "x-oss-callback", altered));
                Assert.Equal(HttpStatusCode.Forbidden, refused);
            }
        }

        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, lent.Key));
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(lent.Put, [1])).Status);
    }

    [Fact]
    [Trait("hole", "s5")]
    public async Task What_is_lent_for_another_bucket_is_for_that_one_alone()
    {
        var made = new V4Signer(app.Stack.AccessKey, Stack.Region).Presign(
            new OssRequest("PUT", StrictApp.SecondBucket, null), OssEndpoint.Parse(app.Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        using var created = await app.Outside.PutAsync(RunningApp.Raw(made.Url), null);
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);

        var put = await app.PresignAsync(new { profile = "second" });
        var key = put.GetProperty("key").GetString()!;
        Assert.Equal(StrictApp.SecondBucket, put.GetProperty("bucket").GetString());
        var (moved, _) = await app.PutAsync(put, [1], request => PutChanges.Rewrite(request, url => url.Replace(StrictApp.SecondBucket, Stack.Bucket, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, moved);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);

        var form = await app.FormAsync(new { profile = "second" });
        var elsewhere = JsonSerializer.SerializeToNode(form)!;
        elsewhere["url"] = form.GetProperty("url").GetString()!.Replace(StrictApp.SecondBucket, Stack.Bucket, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.SendFormAsync(elsewhere.Deserialize<JsonElement>(), [1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(form, [1])).Status);

        var told = Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!));
        Assert.Equal((StrictApp.SecondBucket, $"oss://{StrictApp.SecondBucket}"), (told.GetProperty("data").GetProperty("bucket").GetString(), told.GetProperty("source").GetString()));
        Assert.NotNull(await app.Oss.HeadObjectAsync(StrictApp.SecondBucket, key));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
    }

    [Fact]
    [Trait("hole", "s11")]
    public async Task A_source_at_home_is_not_asked_though_its_host_is_allowed()
    {
        var job = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { url = $"http://{app.Source.Authority}/secret.bin" }, key = "stolen.bin" }, default);
        var id = job.GetProperty("id").GetString()!;
        Assert.Equal("Failed", (await app.EndOfJobAsync(id)).GetProperty("state").GetString());
        var objects = await app.Http.GetStringAsync($"/api/bulk-uploads/{id}/objects");
        var refused = Assert.Single(JsonDocument.Parse(objects).RootElement.GetProperty("objects").EnumerateArray());
        Assert.Equal(("Failed", "source_address_refused"), (refused.GetProperty("state").GetString(), refused.GetProperty("error").GetProperty("code").GetString()));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, "stolen.bin"));
    }

    private async Task IsOverAsync((HttpStatusCode Status, string Body) answer, string key)
    {
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("expired", answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
    }
}
