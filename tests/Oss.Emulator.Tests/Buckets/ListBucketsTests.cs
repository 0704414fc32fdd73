using System.Net;

namespace Oss.Emulator.Tests.Buckets;

public sealed class ListBucketsTests
{
    private static async Task<TestOss> StartWithAsync(params string[] buckets)
    {
        var oss = await TestOss.StartAsync();
        foreach (var bucket in buckets)
        {
            using var made = await oss.CallAsync("PUT", bucket);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }

        return oss;
    }

    [Fact]
    public async Task A_whole_list_has_owner_and_buckets_and_no_markers()
    {
        await using var oss = await StartWithAsync();

        Assert.Equal(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListAllMyBucketsResult>
              <Owner>
                <ID>1234567890123456</ID>
                <DisplayName>1234567890123456</DisplayName>
              </Owner>
              <Buckets>
                <Bucket>
                  <CreationDate>2025-06-01T12:00:00.000Z</CreationDate>
                  <ExtranetEndpoint>oss-cn-hangzhou.localhost</ExtranetEndpoint>
                  <IntranetEndpoint>oss-cn-hangzhou.localhost</IntranetEndpoint>
                  <Location>oss-cn-hangzhou</Location>
                  <Name>examplebucket</Name>
                  <StorageClass>Standard</StorageClass>
                  <Region>cn-hangzhou</Region>
                </Bucket>
                <Bucket>
                  <CreationDate>2025-06-01T12:00:00.000Z</CreationDate>
                  <ExtranetEndpoint>oss-cn-hangzhou.localhost</ExtranetEndpoint>
                  <IntranetEndpoint>oss-cn-hangzhou.localhost</IntranetEndpoint>
                  <Location>oss-cn-hangzhou</Location>
                  <Name>other-bucket</Name>
                  <StorageClass>Standard</StorageClass>
                  <Region>cn-hangzhou</Region>
                </Bucket>
              </Buckets>
            </ListAllMyBucketsResult>
            """,
            await oss.TextAsync("GET", null));
    }

    [Fact]
    public async Task Pages_of_a_list_follow_each_other_by_marker()
    {
        await using var oss = await StartWithAsync("my-1", "my-2", "my-3");

        var first = await oss.XmlAsync("GET", null, "prefix=my-&max-keys=2");
        var second = await oss.XmlAsync("GET", null, "prefix=my-&max-keys=2&marker=my-2");

        Assert.Equal(["my-", "", "2", "true", "my-2"], [first.Text("Prefix"), first.Text("Marker"), first.Text("MaxKeys"), first.Text("IsTruncated"), first.Text("NextMarker")]);
        Assert.Equal(["my-1", "my-2"], first.Texts("Name"));
        Assert.Equal(["my-3"], second.Texts("Name"));
        Assert.Null(second.Element("IsTruncated"));
    }

    [Theory]
    [InlineData("max-keys=0")]
    [InlineData("max-keys=1001")]
    [InlineData("max-keys=-1")]
    [InlineData("max-keys=ten")]
    public async Task Refuses_limits_out_of_range(string query)
    {
        await using var oss = await StartWithAsync();

        Assert.Equal((400, "InvalidArgument", null), await oss.RefusalAsync("GET", null, query));
    }

    [Theory]
    [InlineData("regions", "DescribeRegions")]
    [InlineData("tag-key=a&tag-value=b", "ListBuckets with tag-key")]
    [InlineData("regionList", "ListBuckets with regionList")]
    public async Task What_else_the_service_does_is_named(string query, string operation)
    {
        await using var oss = await StartWithAsync();

        var error = await TestOss.ErrorAsync(await oss.CallAsync("GET", null, query));

        Assert.Equal((501, $"The emulator does not implement {operation}."), (error.HttpStatus, error.Message));
    }

    [Fact]
    public async Task Shows_nothing_to_an_anonymous_caller()
    {
        await using var oss = await StartWithAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync("GET", oss.Emulator.Endpoint + "/", []));

        Assert.Equal((403, "AccessDenied"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task A_marker_that_XML_cannot_carry_is_encoded()
    {
        await using var oss = await StartWithAsync();

        Assert.Equal("%01", (await oss.XmlAsync("GET", null, "marker=%01&max-keys=1")).Text("Marker"));
    }
}
