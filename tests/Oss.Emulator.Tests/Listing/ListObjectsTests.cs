using System.Xml.Linq;
using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Listing;

public sealed class ListObjectsTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Says_all_that_clients_of_the_first_version_read()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("fun/movie/001.avi", "fun/test.jpg", "z");

        Assert.Equal(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult>
              <Name>examplebucket</Name>
              <Prefix>fun/</Prefix>
              <Marker></Marker>
              <MaxKeys>100</MaxKeys>
              <Delimiter>/</Delimiter>
              <IsTruncated>false</IsTruncated>
              <Contents>
                <Key>fun/test.jpg</Key>
                <LastModified>2025-06-01T12:00:00.000Z</LastModified>
                <ETag>"D41D8CD98F00B204E9800998ECF8427E"</ETag>
                <Type>Normal</Type>
                <Size>0</Size>
                <StorageClass>Standard</StorageClass>
                <Owner>
                  <ID>1234567890123456</ID>
                  <DisplayName>1234567890123456</DisplayName>
                </Owner>
              </Contents>
              <CommonPrefixes>
                <Prefix>fun/movie/</Prefix>
              </CommonPrefixes>
            </ListBucketResult>
            """,
            await oss.TextAsync("GET", Bucket, "prefix=fun/&delimiter=/"));
    }

    [Fact]
    public async Task Pages_follow_each_other_by_marker()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "b/1", "b/2", "c", "d");

        var first = await oss.XmlAsync("GET", Bucket, "delimiter=/&max-keys=2");
        var second = await oss.XmlAsync("GET", Bucket, "delimiter=/&max-keys=2&marker=b/");

        Assert.Equal(["true", "b/"], [first.Text("IsTruncated"), first.Text("NextMarker")]);
        Assert.Equal(["c", "d"], second.Texts("Key"));
        Assert.Equal(["b/", "false", null], [second.Text("Marker"), second.Text("IsTruncated"), second.Text("NextMarker")]);
    }

    [Fact]
    public async Task Encodes_what_it_is_asked_to_encode()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("文 +", "文 -");

        var page = await oss.XmlAsync("GET", Bucket, "encoding-type=url&max-keys=1&marker=%2B&prefix=%E6%96%87");

        Assert.Equal(
            ["url", "%2B", "%E6%96%87", "%E6%96%87%20%2B", "%E6%96%87%20%2B"],
            [page.Text("EncodingType"), page.Text("Marker"), page.Text("Prefix"), page.Text("NextMarker"), page.Texts("Key").Single()]);
    }

    [Fact]
    public async Task Takes_a_plus_in_the_query_for_a_space_in_what_is_signed_and_in_what_is_meant()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a b", "a+b");
        var request = new OssRequest("GET", Bucket, null) { Query = [new("prefix", "a b")] };
        oss.Signer.Sign(request, oss.Clock.GetUtcNow());

        using var response = await oss.SendAsync("GET", $"{oss.Emulator.Endpoint}/{Bucket}/?prefix=a+b", request.Headers);

        Assert.Equal(["a b"], XElement.Parse(await response.Content.ReadAsStringAsync()).Texts("Key"));
    }

    [Fact]
    public async Task Says_what_an_object_is_made_of()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var part = await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(new byte[7]));
        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [part]);

        var page = await oss.XmlAsync("GET", Bucket);

        Assert.Equal(["Multipart", "7"], [page.Texts("Type").Single(), page.Texts("Size").Single()]);
        Assert.EndsWith("-1\"", page.Texts("ETag").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max-keys=1001", "0015-00000402")]
    [InlineData("delimiter=ab", "0015-00000406")]
    public async Task Refuses_parameters_that_cannot_be(string query, string ec)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, "InvalidArgument", ec), await oss.RefusalAsync("GET", Bucket, query));
        Assert.Equal((400, "InvalidArgument", "0015-00000405"), await oss.RefusalAsync("GET", Bucket, "marker=" + new string('x', 1024)));
    }

    [Fact]
    public async Task Lists_the_one_version_of_each_object_where_there_is_no_versioning()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", "b", "c/1");

        var first = await oss.XmlAsync("GET", Bucket, "versions&delimiter=/&max-keys=1");
        var second = await oss.XmlAsync("GET", Bucket, "versions&delimiter=/&key-marker=a&version-id-marker=null");

        Assert.Equal("ListVersionsResult", first.Name.LocalName);
        Assert.Equal(["a", "null", "true"], [first.Texts("Key").Single(), first.Texts("VersionId").Single(), first.Texts("IsLatest").Single()]);
        Assert.Equal(["true", "a", "null"], [first.Text("IsTruncated"), first.Text("NextKeyMarker"), first.Text("NextVersionIdMarker")]);
        Assert.Equal(["examplebucket", "", "", "1", "/"], [first.Text("Name"), first.Text("KeyMarker"), first.Text("VersionIdMarker"), first.Text("MaxKeys"), first.Text("Delimiter")]);
        Assert.Equal("1234567890123456", first.Element("Version")!.Element("Owner")!.Text("ID"));
        Assert.Equal(["b"], second.Texts("Key"));
        Assert.Equal(["c/"], second.Elements("CommonPrefixes").Select(prefix => prefix.Text("Prefix")));
        Assert.Equal((400, "InvalidArgument", "0012-00000102"), await oss.RefusalAsync("GET", Bucket, "versions&max-keys=2000"));
        Assert.Equal((400, "InvalidArgument", null), await oss.RefusalAsync("GET", Bucket, "versions&version-id-marker=null"));
    }

    [Fact]
    public async Task Does_not_pretend_to_know_versions()
    {
        await using var oss = await TestOss.StartAsync();
        using (await oss.CallAsync("PUT", Bucket, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"))
        {
        }

        Assert.Equal((501, "NotImplemented", null), await oss.RefusalAsync("GET", Bucket, "versions"));
    }
}
