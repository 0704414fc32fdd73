using System.Net;
using System.Xml.Linq;
using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Listing;

public sealed class ListObjectsV2Tests
{
    private const string Bucket = TestOss.BucketName;

    /// <summary>All entries of a listing, page by page: keys as they are, common prefixes in brackets.</summary>
    private static async Task<List<string>> PagesAsync(TestOss oss, string query, int pageSize)
    {
        var pages = new List<string>();
        for (string? token = null; ;)
        {
            var text = await oss.TextAsync("GET", Bucket, $"list-type=2&encoding-type=url&max-keys={pageSize}&{query}{(token is null ? "" : "&continuation-token=" + OssEncoding.Encode(token))}");
            var page = ListObjectsV2Result.Parse(text);
            Assert.Equal(page.KeyCount.ToString(System.Globalization.CultureInfo.InvariantCulture), XElement.Parse(text).Text("KeyCount"));
            Assert.Equal((token, pageSize), (page.ContinuationToken, page.MaxKeys));
            pages.Add(string.Join(' ', page.Objects.Select(listed => listed.Key).Concat(page.CommonPrefixes.Select(prefix => $"[{prefix}]"))));
            Assert.Equal(page.IsTruncated, page.NextContinuationToken is not null);
            if (!page.IsTruncated)
            {
                return pages;
            }

            token = page.NextContinuationToken;
        }
    }

    [Fact]
    public async Task Says_all_of_an_object_that_clients_read()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(Bucket, "a b.txt", UploadBody.From("hello"u8.ToArray()));

        Assert.Equal(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult>
              <Name>examplebucket</Name>
              <Prefix></Prefix>
              <MaxKeys>100</MaxKeys>
              <Delimiter></Delimiter>
              <IsTruncated>false</IsTruncated>
              <Contents>
                <Key>a b.txt</Key>
                <LastModified>2025-06-01T12:00:00.000Z</LastModified>
                <ETag>"5D41402ABC4B2A76B9719D911017C592"</ETag>
                <Type>Normal</Type>
                <Size>5</Size>
                <StorageClass>Standard</StorageClass>
              </Contents>
              <KeyCount>1</KeyCount>
            </ListBucketResult>
            """,
            await oss.TextAsync("GET", Bucket, "list-type=2"));
    }

    [Fact]
    public async Task Names_the_owner_when_it_is_asked_for()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a");

        var with = ListObjectsV2Result.Parse(await oss.TextAsync("GET", Bucket, "list-type=2&fetch-owner=true"));
        var without = ListObjectsV2Result.Parse(await oss.TextAsync("GET", Bucket, "list-type=2&fetch-owner=false"));

        Assert.Equal(new OssOwner("1234567890123456", "1234567890123456"), with.Objects.Single().Owner);
        Assert.Null(without.Objects.Single().Owner);
    }

    [Fact]
    public async Task Keys_come_in_the_order_of_their_bytes()
    {
        await using var oss = await TestOss.StartAsync();
        string[] ordered = ["!", "%", "+", "-", "A", "B", "a", "a/../b", "a/b", "a0", "é", "中文", "\uFF21", "😀"];
        await oss.PutAsync(ordered.Reverse());

        Assert.Equal([string.Join(' ', ordered)], await PagesAsync(oss, "", 1000));
        Assert.Equal(ordered, await PagesAsync(oss, "", 1));
    }

    [Theory]
    [InlineData("prefix=a/", "a/1 a/2 a/b/1 a/b/2 a/c/1")]
    [InlineData("prefix=a", "a a/1 a/2 a/b/1 a/b/2 a/c/1 ab")]
    [InlineData("delimiter=/", "a ab b [a/] [c/]")]
    [InlineData("delimiter=/&prefix=a/", "a/1 a/2 [a/b/] [a/c/]")]
    [InlineData("delimiter=/&prefix=a/b", "[a/b/]")]
    [InlineData("delimiter=/&prefix=a/b/1", "a/b/1")]
    [InlineData("delimiter=/&prefix=a/b/1/", "")]
    [InlineData("delimiter=b", "a a/1 a/2 a/c/1 c/1 [a/b] [ab] [b]")]
    [InlineData("delimiter=", "a a/1 a/2 a/b/1 a/b/2 a/c/1 ab b c/1")]
    [InlineData("start-after=a/2", "a/b/1 a/b/2 a/c/1 ab b c/1")]
    [InlineData("start-after=a/3", "a/b/1 a/b/2 a/c/1 ab b c/1")]
    [InlineData("start-after=zzz", "")]
    [InlineData("start-after=a&prefix=b", "b")]
    [InlineData("start-after=c&prefix=b", "")]
    [InlineData("delimiter=/&start-after=a", "ab b [a/] [c/]")]
    [InlineData("delimiter=/&start-after=a/", "ab b [c/]")]
    [InlineData("delimiter=/&start-after=a/b/1", "ab b [c/]")]
    [InlineData("prefix=nothing", "")]
    public async Task Prefix_delimiter_and_start_choose(string query, string expected)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "a/1", "a/2", "a/b/1", "a/b/2", "a/c/1", "ab", "b", "c/1");

        Assert.Equal([expected], await PagesAsync(oss, query, 1000));
    }

    [Fact]
    public async Task Pages_count_common_prefixes_and_go_on_behind_them()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a/1", "a/2", "a/3", "b", "c/1", "c/2", "d");

        Assert.Equal(["[a/]", "b", "[c/]", "d"], await PagesAsync(oss, "delimiter=/", 1));
        Assert.Equal(["b [a/]", "d [c/]"], await PagesAsync(oss, "delimiter=/", 2));
        Assert.Equal(["b [a/] [c/]", "d"], await PagesAsync(oss, "delimiter=/", 3));
        Assert.Equal(["b d [a/] [c/]"], await PagesAsync(oss, "delimiter=/", 4));
    }

    [Fact]
    public async Task A_page_that_takes_the_rest_is_the_last()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "b/1", "b/2");

        Assert.Equal(["a [b/]"], await PagesAsync(oss, "delimiter=/", 2));
        Assert.Equal(["a b/1", "b/2"], await PagesAsync(oss, "", 2));
    }

    [Fact]
    public async Task Groups_at_the_highest_characters_end()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("x\U0010FFFD1", "x\U0010FFFD2", "y");

        Assert.Equal(["[x\U0010FFFD]", "y"], await PagesAsync(oss, "delimiter=%F4%8F%BF%BD", 1));
    }

    [Fact]
    public async Task Keys_come_and_go_between_pages()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "b", "c", "d");
        var first = ListObjectsV2Result.Parse(await oss.TextAsync("GET", Bucket, "list-type=2&max-keys=2"));
        using (await oss.SendAsync(new OssRequest("DELETE", Bucket, "b")))
        using (await oss.SendAsync(new OssRequest("DELETE", Bucket, "c")))
        {
            await oss.PutAsync("aa", "bb");
        }

        var second = ListObjectsV2Result.Parse(await oss.TextAsync("GET", Bucket, "list-type=2&max-keys=5&continuation-token=" + first.NextContinuationToken));

        Assert.Equal(["a", "b"], first.Objects.Select(listed => listed.Key));
        Assert.Equal(["bb", "d"], second.Objects.Select(listed => listed.Key));
    }

    [Fact]
    public async Task A_token_wins_over_a_start()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "bc", "c");

        var page = await oss.XmlAsync("GET", Bucket, "list-type=2&start-after=a&continuation-token=CgJiYw--");

        Assert.Equal(["c"], page.Texts("Key"));
        Assert.Equal(("a", "CgJiYw--"), (page.Text("StartAfter"), page.Text("ContinuationToken")));
    }

    [Fact]
    public async Task Encodes_what_it_is_asked_to_encode()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("d +%/文", "d +%/x/1");

        var page = await oss.XmlAsync("GET", Bucket, "list-type=2&encoding-type=url&prefix=d%20%2B%25/&delimiter=/&start-after=%2B");

        Assert.Equal("url", page.Text("EncodingType"));
        Assert.Equal(["d%20%2B%25%2F", "%2F", "%2B", "d%20%2B%25%2F%E6%96%87"], [page.Text("Prefix"), page.Text("Delimiter"), page.Text("StartAfter"), page.Texts("Key").Single()]);
        Assert.Equal("d%20%2B%25%2Fx%2F", page.Element("CommonPrefixes")!.Text("Prefix"));
    }

    [Fact]
    public async Task Encodes_also_unasked_what_XML_cannot_carry()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a\u0001b", "a\nb", "plain");

        var page = ListObjectsV2Result.Parse(await oss.TextAsync("GET", Bucket, "list-type=2"));

        Assert.Equal(["a\u0001b", "a\nb", "plain"], page.Objects.Select(listed => listed.Key));
    }

    [Theory]
    [InlineData("list-type=1", "0015-00000401")]
    [InlineData("list-type=test", "0015-00000401")]
    [InlineData("list-type=2&max-keys=0", "0015-00000402")]
    [InlineData("list-type=2&max-keys=1001", "0015-00000402")]
    [InlineData("list-type=2&max-keys=-1", "0015-00000402")]
    [InlineData("list-type=2&max-keys=a", "0015-00000402")]
    [InlineData("list-type=2&delimiter=abc", "0015-00000406")]
    [InlineData("list-type=2&fetch-owner=maybe", null)]
    [InlineData("list-type=2&encoding-type=base64", null)]
    [InlineData("list-type=2&continuation-token=2", null)]
    [InlineData("list-type=2&continuation-token=CgJiYw", null)]
    [InlineData("list-type=2&continuation-token=CgNiYw--", null)]
    [InlineData("list-type=2&continuation-token=CgA-", null)]
    public async Task Refuses_parameters_that_cannot_be(string query, string? ec)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, "InvalidArgument", ec), await oss.RefusalAsync("GET", Bucket, query));
    }

    [Theory]
    [InlineData("prefix", "0015-00000403")]
    [InlineData("start-after", null)]
    public async Task Texts_may_have_1023_bytes(string name, string? ec)
    {
        await using var oss = await TestOss.StartAsync();

        using var longest = await oss.CallAsync("GET", Bucket, $"list-type=2&{name}={new string('x', 1023)}");

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        Assert.Equal((400, "InvalidArgument", ec), await oss.RefusalAsync("GET", Bucket, $"list-type=2&{name}={new string('x', 1024)}"));
    }

    [Fact]
    public async Task Knows_the_keys_of_earlier_runs()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        await using (var oss = await TestOss.StartAsync(folder))
        {
            await oss.PutAsync("b", "a", "中");
        }

        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal(["a b 中"], await PagesAsync(oss, "", 1000));
        }

        Directory.Delete(folder, recursive: true);
    }
}
