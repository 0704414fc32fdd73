namespace Oss.Protocol.Tests;

/// <summary>What the client sends for copies and listings, to the letter.</summary>
public sealed class CopyAndListTests : IAsyncLifetime
{
    private static readonly string Copied = new CopyResult("\"E\"", Some.Time).ToPartXml();

    private TestOss _oss = null!;

    public async ValueTask InitializeAsync() => _oss = await TestOss.StartAsync();

    public ValueTask DisposeAsync() => _oss.DisposeAsync();

    [Theory]
    [MemberData(nameof(OssClientTests.Keys), MemberType = typeof(OssClientTests))]
    public async Task Names_the_source_of_a_copy_to_the_letter(string key, string path)
    {
        _oss.AnswerWith(TestOss.Ok(new CopyResult("\"E\"", Some.Time).ToObjectXml(), ("x-oss-hash-crc64ecma", "5")));
        Assert.Equal(new StoredObject("\"E\"", 5, null, null), await _oss.Client().CopyObjectAsync(Some.Bucket, "copy", new CopySource("other", key, "\"E\"")));
        var request = Assert.Single(_oss.Requests);
        Assert.True(request.Signature.IsValid, request.Signature.Error?.ToString());
        Assert.Equal(("PUT", "/examplebucket/copy", 0), (request.Method, request.Target, request.Body.Length));
        Assert.Equal($"/other/{path}", request.Headers["x-oss-copy-source"]);
        Assert.Equal("\"E\"", request.Headers["x-oss-copy-source-if-match"]);
        Assert.DoesNotContain("x-oss-metadata-directive", request.Headers.Keys);
    }

    [Fact]
    public async Task Replaces_metadata_and_tags_only_where_it_is_told_to()
    {
        _oss.AnswerWith(TestOss.Ok(new CopyResult("\"E\"", Some.Time).ToObjectXml()));
        await _oss.Client().CopyObjectAsync(Some.Bucket, "copy", new CopySource("other", "k"), new ObjectProperties { ContentType = "text/plain" });
        await _oss.Client().CopyObjectAsync(Some.Bucket, "copy", new CopySource("other", "k"), new ObjectProperties { Tags = new Dictionary<string, string> { ["a b"] = "1+=", ["c"] = "" } });
        Assert.Equal(("REPLACE", "COPY", "text/plain"), Directives(0));
        Assert.Equal(("REPLACE", "REPLACE", null), Directives(1));
        Assert.Equal("a%20b=1%2B%3D&c=", _oss.Requests[1].Headers["x-oss-tagging"]);

        (string, string, string?) Directives(int i) =>
            (_oss.Requests[i].Headers["x-oss-metadata-directive"], _oss.Requests[i].Headers["x-oss-tagging-directive"], _oss.Requests[i].Headers.GetValueOrDefault("Content-Type"));
    }

    [Fact]
    public async Task Copies_a_range_into_a_part_and_all_of_an_empty_object()
    {
        _oss.AnswerWith(TestOss.Ok(Copied, ("Content-Range", "bytes 100-299/1000"), ("x-oss-hash-crc64ecma", "5")), TestOss.Ok(Copied));
        Assert.Equal(new UploadedPart(7, "\"E\"", 200, 5), await _oss.Client().UploadPartCopyAsync(Some.Bucket, "k", "id", 7, new CopySource("other", "a b", "\"E\""), (100, 200)));
        Assert.Equal(new UploadedPart(1, "\"E\"", 0, null), await _oss.Client().UploadPartCopyAsync(Some.Bucket, "k", "id", 1, new CopySource("other", "a b"), (0, 0)));
        Assert.Equal("/examplebucket/k?partNumber=7&uploadId=id", _oss.Requests[0].Target);
        Assert.Equal(("/other/a%20b", "bytes=100-299", "\"E\""),
            (_oss.Requests[0].Headers["x-oss-copy-source"], _oss.Requests[0].Headers["x-oss-copy-source-range"], _oss.Requests[0].Headers["x-oss-copy-source-if-match"]));
        Assert.DoesNotContain("x-oss-copy-source-range", _oss.Requests[1].Headers.Keys);
        Assert.DoesNotContain("x-oss-copy-source-if-match", _oss.Requests[1].Headers.Keys);
    }

    [Fact]
    public async Task Takes_no_other_range_than_the_one_it_asked_for()
    {
        _oss.AnswerWith(TestOss.Ok(Copied, ("Content-Range", "bytes 0-999/1000")));
        var refused = await Assert.ThrowsAsync<OssException>(() => _oss.Client().UploadPartCopyAsync(Some.Bucket, "k", "id", 7, new CopySource("other", "k"), (100, 200)));
        Assert.True(refused.Is(OssErrorCode.InvalidRange));
    }

    [Fact]
    public async Task Says_how_fast_a_body_may_come()
    {
        _oss.Answer = TestOss.Store;
        var body = UploadBody.From("hello"u8.ToArray());
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", body, null, null, 819_200);
        await _oss.Client().UploadPartAsync(Some.Bucket, "k", "id", 1, body, 838_860_800);
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", body);
        Assert.Equal(["819200", "838860800", null], _oss.Requests.Select(request => request.Headers.GetValueOrDefault("x-oss-traffic-limit")));
        Assert.All(_oss.Requests, request => Assert.True(request.Signature.IsValid));
    }

    [Fact]
    public async Task Asks_for_the_next_page_by_the_token_of_the_last_and_ends_when_it_stands_still()
    {
        ListObjectsV2Result Page(string key, string? next) => new() { Bucket = Some.Bucket, Objects = [new ListedObject(key, "\"E\"", 1, Some.Time)], IsTruncated = next is not null, NextContinuationToken = next };
        _oss.AnswerWith(TestOss.Ok(Page("a+ b", "1=/").ToXml(true)), TestOss.Ok(Page("b", "2").ToXml(true)), TestOss.Ok(Page("c", "2").ToXml(true)));
        var keys = new List<string>();
        await foreach (var listed in _oss.Client().ListObjectsV2Async(Some.Bucket, "图 /", "图 /a+", 7))
        {
            keys.Add(listed.Key);
        }

        Assert.Equal(["a+ b", "b", "c"], keys);
        Assert.Equal(
            [
                "/examplebucket/?list-type=2&encoding-type=url&max-keys=7&prefix=%E5%9B%BE%20%2F&start-after=%E5%9B%BE%20%2Fa%2B",
                "/examplebucket/?list-type=2&encoding-type=url&max-keys=7&prefix=%E5%9B%BE%20%2F&continuation-token=1%3D%2F",
                "/examplebucket/?list-type=2&encoding-type=url&max-keys=7&prefix=%E5%9B%BE%20%2F&continuation-token=2",
            ],
            _oss.Requests.Select(request => request.Target));
        Assert.All(_oss.Requests, request => Assert.True(request.Signature.IsValid, request.Signature.Error?.ToString()));
    }

    [Fact]
    public async Task Reads_storage_class_and_metadata_of_an_object()
    {
        _oss.AnswerWith(TestOss.Ok("", ("ETag", "\"E\""), ("x-oss-storage-class", "IA"), ("x-oss-meta-Author", "alice"), ("x-oss-meta-b", "2")));
        var head = await _oss.Client().HeadObjectAsync(Some.Bucket, "k");
        Assert.Equal("IA", head!.StorageClass);
        Assert.Equal(new Dictionary<string, string> { ["author"] = "alice", ["b"] = "2" }, head.Metadata);
    }
}
