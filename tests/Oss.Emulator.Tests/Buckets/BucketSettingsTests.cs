using System.Net;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Buckets;

public sealed class BucketSettingsTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Says_all_of_a_bucket_that_clients_read()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <BucketInfo>
              <Bucket>
                <AccessMonitor>Disabled</AccessMonitor>
                <BlockPublicAccess>false</BlockPublicAccess>
                <CreationDate>2025-06-01T12:00:00.000Z</CreationDate>
                <ExtranetEndpoint>oss-cn-hangzhou.localhost</ExtranetEndpoint>
                <IntranetEndpoint>oss-cn-hangzhou.localhost</IntranetEndpoint>
                <Location>oss-cn-hangzhou</Location>
                <Name>examplebucket</Name>
                <StorageClass>Standard</StorageClass>
                <Comment />
                <CrossRegionReplication>Disabled</CrossRegionReplication>
                <DataRedundancyType>LRS</DataRedundancyType>
                <ResourceGroupId>rg-default</ResourceGroupId>
                <TransferAcceleration>Disabled</TransferAcceleration>
                <Owner>
                  <ID>1234567890123456</ID>
                  <DisplayName>1234567890123456</DisplayName>
                </Owner>
                <AccessControlList>
                  <Grant>private</Grant>
                </AccessControlList>
                <ServerSideEncryptionRule>
                  <SSEAlgorithm>None</SSEAlgorithm>
                </ServerSideEncryptionRule>
                <BucketPolicy>
                  <LogBucket />
                  <LogPrefix />
                </BucketPolicy>
              </Bucket>
            </BucketInfo>
            """,
            await oss.TextAsync("GET", Bucket, "bucketInfo"));
    }

    [Fact]
    public async Task Says_where_a_bucket_is()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint>oss-cn-hangzhou</LocationConstraint>", await oss.TextAsync("GET", Bucket, "location"));
    }

    [Fact]
    public async Task Changes_an_ACL_and_keeps_it_over_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        await using (var oss = await TestOss.StartAsync(folder))
        {
            using var changed = await oss.CallAsync("PUT", Bucket, "acl", null, ("x-oss-acl", "public-read-write"));
            using var unchanged = await oss.CallAsync("PUT", Bucket, "acl");

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (changed.StatusCode, unchanged.StatusCode));
            Assert.Equal((400, "InvalidArgument", null), await oss.RefusalAsync("PUT", Bucket, "acl", null, ("x-oss-acl", "Public")));
        }

        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <AccessControlPolicy>
                  <Owner>
                    <ID>1234567890123456</ID>
                    <DisplayName>1234567890123456</DisplayName>
                  </Owner>
                  <AccessControlList>
                    <Grant>public-read-write</Grant>
                  </AccessControlList>
                </AccessControlPolicy>
                """,
                await oss.TextAsync("GET", Bucket, "acl"));
            using var anonymous = await oss.SendAsync("PUT", $"{oss.Emulator.Endpoint}/{Bucket}/a", [], new ByteArrayContent([1]));
            Assert.Equal(HttpStatusCode.OK, anonymous.StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Versioning_is_not_set_then_enabled_then_suspended()
    {
        await using var oss = await TestOss.StartAsync();
        async Task SetAsync(string status)
        {
            using var set = await oss.CallAsync("PUT", Bucket, "versioning", $"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }

        Assert.Equal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VersioningConfiguration />", await oss.TextAsync("GET", Bucket, "versioning"));
        await SetAsync("Enabled");
        Assert.Equal(["Enabled"], (await oss.XmlAsync("GET", Bucket, "versioning")).Texts("Status"));
        await SetAsync("Suspended");
        Assert.Equal(["Suspended"], (await oss.XmlAsync("GET", Bucket, "bucketInfo")).Texts("Versioning"));
    }

    [Theory]
    [InlineData("<VersioningConfiguration><Status>On</Status></VersioningConfiguration>", "InvalidArgument")]
    [InlineData("<VersioningConfiguration/>", "InvalidArgument")]
    [InlineData("<Versioning><Status>Enabled</Status></Versioning>", "MalformedXML")]
    [InlineData("", "MalformedXML")]
    [InlineData("Enabled", "MalformedXML")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"Enabled\">]><VersioningConfiguration><Status>&e;</Status></VersioningConfiguration>", "MalformedXML")]
    public async Task Refuses_versioning_that_cannot_be(string body, string code)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, code, null), await oss.RefusalAsync("PUT", Bucket, "versioning", body));
        Assert.Empty((await oss.XmlAsync("GET", Bucket, "versioning")).Texts("Status"));
    }

    [Fact]
    public async Task Counts_what_is_in_a_bucket()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1000]));
        using (await oss.SendAsync(new OssRequest("PUT", Bucket, "b") { Headers = { ["x-oss-storage-class"] = "IA" } }, new ByteArrayContent(new byte[2000])))
        {
        }

        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(new byte[50]));

        var stat = await oss.XmlAsync("GET", Bucket, "stat");

        Assert.Equal("BucketStat", stat.Name.LocalName);
        Assert.Equal(
            [
                "Storage=3000", "ObjectCount=2", "MultipartUploadCount=1", "LiveChannelCount=0", "LastModifiedTime=1748779200", "StandardStorage=1000", "StandardObjectCount=1",
                "InfrequentAccessStorage=65536", "InfrequentAccessRealStorage=2000", "InfrequentAccessObjectCount=1",
                "ArchiveStorage=0", "ArchiveRealStorage=0", "ArchiveObjectCount=0", "ColdArchiveStorage=0", "ColdArchiveRealStorage=0", "ColdArchiveObjectCount=0",
                "DeepColdArchiveStorage=0", "DeepColdArchiveRealStorage=0", "DeepColdArchiveObjectCount=0", "MultipartPartCount=1", "DeleteMarkerCount=0",
            ],
            stat.Elements().Select(element => $"{element.Name}={element.Value}"));
    }
}
