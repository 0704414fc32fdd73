using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class CallbackImageTests
{
    private const string Bucket = TestOss.BucketName;

    public static TheoryData<string> Names => [.. Images.All.Keys];

    private static CallbackParameter Parameter(CallbackServer server, CallbackBodyType type = CallbackBodyType.Json) => new()
    {
        Urls = [server.Url], BodyType = type,
        Body = type == CallbackBodyType.Json ? """{"w":${imageInfo.width},"h":${imageInfo.height},"f":${imageInfo.format}}""" : "w=${imageInfo.width}&h=${imageInfo.height}&f=${imageInfo.format}",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Describes_an_image_after_PutObject(string name)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();

        await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(Images.All[name]), callback: Parameter(server));

        Assert.Equal($$"""{"w":3,"h":2,"f":"{{name.Split(' ')[0]}}"}""", server.Calls.Single().Text);
    }

    [Fact]
    public async Task Describes_an_image_after_PostObject()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k"), ("callback", Parameter(server, CallbackBodyType.Form).ToBase64())]);

        using var response = await TestForm.PostAsync(oss, TestForm.Body(form.Fields, Images.Png(640, 480)));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("w=640&h=480&f=png", server.Calls.Single().Text);
    }

    [Fact]
    public async Task Describes_an_image_whose_metadata_goes_on_in_the_next_parts()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        var image = Images.WithMetadata(Images.JpegBaseline, segments: 5);
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = new List<UploadedPart>();
        foreach (var piece in image.Chunk(110_000))
        {
            parts.Add(await oss.Client.UploadPartAsync(Bucket, "m", upload, parts.Count + 1, UploadBody.From(piece)));
        }

        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts, callback: Parameter(server));

        Assert.Equal(3, parts.Count);
        Assert.Equal("""{"w":3,"h":2,"f":"jpg"}""", server.Calls.Single().Text);
    }

    [Theory]
    [InlineData(CallbackBodyType.Json, """{"w":"","h":"","f":""}""")]
    [InlineData(CallbackBodyType.Form, "w=&h=&f=")]
    public async Task What_is_no_image_has_none_of_it_whatever_it_says(CallbackBodyType type, string expected)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();

        await oss.Client.PutObjectAsync(Bucket, "a.png", UploadBody.From("not a picture"u8.ToArray()), new ObjectProperties { ContentType = "image/png" }, Parameter(server, type));
        await oss.Client.PutObjectAsync(Bucket, "empty.png", UploadBody.From(Array.Empty<byte>()), new ObjectProperties { ContentType = "image/png" }, Parameter(server, type));

        Assert.Equal([expected, expected], server.Calls.Select(call => call.Text));
    }
}
