using System.Net;
using System.Text.Json;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>A credential used twice: the first object stays, of each kind that holds to it.</summary>
[Trait("hole", "s9")]
public sealed class OverwriteTests(RunningApp app)
{
    private static readonly object File = new { profile = "files", subject = "u", fileName = "a.bin" };

    [Fact]
    public async Task A_presigned_PUT_stores_once()
    {
        var put = await app.PresignAsync(File);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync(put, [2, 2])).Status);
        await IsFirstAsync(put);
    }

    [Fact]
    public async Task A_form_stores_once()
    {
        var form = await app.FormAsync(File);
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(form, [1])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendFormAsync(form, [2, 2])).Status);
        await IsFirstAsync(form);
    }

    [Fact]
    public async Task A_capability_URL_of_one_file_stores_once()
    {
        var (answer, client) = await SessionClient.OpenAsync(app, File);
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params");
        var begun = await client.BeginAsync();
        var etag = await client.SendPartAsync(begun.UploadId, begun.Key, 1, [2, 2]);
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(form, [1])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.SendFormAsync(form, [2, 2])).Status);
        var taken = (HttpStatusCode.Conflict, "object_exists");
        Assert.Equal(taken, await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(begun.UploadId, begun.Key, "/complete"), SessionClient.Parts((1, etag))));
        Assert.Equal(taken, await client.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "a.bin", type = "text/plain" }));
        await IsFirstAsync(answer.GetProperty("form"));
    }

    private async Task IsFirstAsync(JsonElement lent)
    {
        Assert.Equal(1, (await app.Oss.HeadObjectAsync(Stack.Bucket, lent.GetProperty("key").GetString()!))!.Size);
        Assert.Single(await app.EventsOfAsync(lent.GetProperty("id").GetString()!));
    }
}
