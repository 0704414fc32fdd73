using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class ObjectTaggingTests
{
    private static OssRequest Tagging(string method) => Request(method, "a").With("tagging", null);

    private static string Xml(params (string Key, string Value)[] tags) => new Tagging([.. tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))]).ToXml();

    private static async Task<(string, string)[]> TagsAsync(TestOss oss)
    {
        using var response = await oss.SendAsync(200, Tagging("GET"));
        return [.. Protocol.Tagging.Parse(await response.Content.ReadAsStringAsync()).Tags.Select(tag => (tag.Key, tag.Value))];
    }

    [Fact]
    public async Task Puts_gets_and_deletes_tags()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);
        var stored = oss.Clock.GetUtcNow();
        oss.Clock.Advance(TimeSpan.FromMinutes(1));
        (string, string)[] tags = [("b", "2"), ("a", ""), (" + - = . _ : / ", "Az 09")];

        Assert.Empty(await TagsAsync(oss));
        using var put = await oss.SendAsync(200, Tagging("PUT"), ObjectRequests.Xml(Xml(tags)));
        Assert.Equal(tags, await TagsAsync(oss));
        using var head = await oss.HeadAsync("a");
        Assert.Equal(("3", stored.ToString("R")), (TestOss.Header(head, "x-oss-tagging-count"), TestOss.Header(head, "Last-Modified")));
        using var deleted = await oss.SendAsync(204, Tagging("DELETE"));
        Assert.Empty(await TagsAsync(oss));
        using var after = await oss.HeadAsync("a");
        Assert.Null(TestOss.Header(after, "x-oss-tagging-count"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Takes_tags_from_the_header_of_an_upload()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1], ("x-oss-tagging", "b%3D1=2%2B%20x&a&c=&d+e=f+g"));

        Assert.Equal([("b=1", "2+ x"), ("a", ""), ("c", ""), ("d e", "f g")], await TagsAsync(oss));
    }

    [Fact]
    public async Task Takes_tags_from_a_multipart_upload()
    {
        await using var oss = await TestOss.StartAsync();
        using var initiated = await oss.SendAsync(200, Request("POST", "a", ("x-oss-tagging", "k=v"), ("x-oss-object-acl", "public-read")).With("uploads", null));
        var upload = InitiateMultipartUploadResult.Parse(await initiated.Content.ReadAsStringAsync()).UploadId;
        var part = await oss.Client.UploadPartAsync(TestOss.BucketName, "a", upload, 1, UploadBody.From(new byte[1]));
        await oss.Client.CompleteMultipartUploadAsync(TestOss.BucketName, "a", upload, [part]);
        using var head = await oss.HeadAsync("a");

        Assert.Equal([("k", "v")], await TagsAsync(oss));
        Assert.Equal("public-read", TestOss.Header(head, "x-oss-object-acl"));
    }

    [Fact]
    public async Task Survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            await oss.PutAsync("a", [1], ("x-oss-tagging", "k=v"));
        }

        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            Assert.Equal([("k", "v")], await TagsAsync(oss));
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("a=b=c", "0010-00000219")]
    [InlineData("a=1&a=2", "0010-00000210")]
    [InlineData("=1", "0010-00000217")]
    [InlineData("a=1&&b=2", "0010-00000217")]
    [InlineData("a=%E4%B8%AD", "0010-00000217")]
    [InlineData("a=!", "0010-00000217")]
    [InlineData("1&2&3&4&5&6&7&8&9&10&11", "0010-00000217")]
    public async Task Refuses_headers_that_OSS_would_not_take(string header, string ec)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await oss.RefusedAsync(Request("PUT", "a", ("x-oss-tagging", header)), new ByteArrayContent([1]));

        Assert.Equal((400, "InvalidTag", ec), (error.HttpStatus, error.Code, error.Ec));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Keys_have_128_characters_at_most_and_values_256()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);
        string Long(int length) => new('x', length);

        using var longest = await oss.SendAsync(200, Tagging("PUT"), ObjectRequests.Xml(Xml((Long(128), Long(256)))));
        var key = await oss.RefusedAsync(Tagging("PUT"), ObjectRequests.Xml(Xml((Long(129), ""))));
        var value = await oss.RefusedAsync(Tagging("PUT"), ObjectRequests.Xml(Xml(("a", Long(257)))));
        var twice = await oss.RefusedAsync(Tagging("PUT"), ObjectRequests.Xml(Xml(("a", "1"), ("a", "2"))));

        Assert.Equal(("InvalidTag", "0010-00000209"), (key.Code, key.Ec));
        Assert.Equal(("InvalidTag", "0010-00000217"), (value.Code, value.Ec));
        Assert.Equal(("InvalidTag", "0010-00000210"), (twice.Code, twice.Ec));
        Assert.Equal([(Long(128), Long(256))], await TagsAsync(oss));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Tagging>")]
    [InlineData("<Tagging/>")]
    [InlineData("<Tagging><TagSet><Tag><Value>1</Value></Tag></TagSet></Tagging>")]
    [InlineData("<Other><TagSet/></Other>")]
    public async Task Refuses_what_is_no_set_of_tags(string xml)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);

        var error = await oss.RefusedAsync(Tagging("PUT"), ObjectRequests.Xml(xml));

        Assert.Equal((400, "MalformedXML"), (error.HttpStatus, error.Code));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task An_object_that_is_not_there_has_none(string method)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal("NoSuchKey", (await oss.RefusedAsync(Tagging(method), method == "PUT" ? ObjectRequests.Xml(Xml()) : null)).Code);
    }
}
