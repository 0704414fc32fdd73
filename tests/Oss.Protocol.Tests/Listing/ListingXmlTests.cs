using System.Xml;

namespace Oss.Protocol.Tests.Listing;

public sealed class ListingXmlTests
{
    private static readonly OssOwner Owner = new("1234", "name");

    [Fact]
    public void Objects_are_read_as_they_were_written_whatever_the_keys()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var listed = new ListObjectsV2Result
            {
                Bucket = Some.Bucket,
                Prefix = arbitrary.Text(8),
                Delimiter = seed % 2 == 0 ? null : "/",
                StartAfter = seed % 3 == 0 ? null : arbitrary.Key(),
                ContinuationToken = seed % 3 == 1 ? null : arbitrary.Name(8),
                NextContinuationToken = seed % 5 == 0 ? null : arbitrary.Name(8),
                MaxKeys = 7,
                IsTruncated = seed % 5 != 0,
                Objects =
                [
                    new ListedObject(arbitrary.Key(), "\"A\"", long.MaxValue, Some.Time) { Type = "Multipart", StorageClass = "IA", Owner = Owner },
                    new ListedObject(arbitrary.Key(), "\"B\"", 0, Some.Time),
                ],
                CommonPrefixes = [arbitrary.Key(), arbitrary.Key()],
            };
            foreach (var asked in (bool[])[true, false])
            {
                var read = ListObjectsV2Result.Parse(listed.ToXml(asked));
                Assert.Equal(listed.Objects, read.Objects);
                Assert.Equal(listed.CommonPrefixes, read.CommonPrefixes);
                Assert.Equal(listed, read with { Objects = listed.Objects, CommonPrefixes = listed.CommonPrefixes });
                Assert.Equal(4, read.KeyCount);
            }
        }
    }

    [Fact]
    public void Uploads_are_read_as_they_were_written_whatever_the_keys()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var listed = new ListMultipartUploadsResult
            {
                Bucket = Some.Bucket,
                Prefix = arbitrary.Text(8),
                Delimiter = seed % 2 == 0 ? null : "/",
                KeyMarker = arbitrary.Text(8),
                UploadIdMarker = arbitrary.Name(32),
                NextKeyMarker = arbitrary.Key(),
                NextUploadIdMarker = arbitrary.Name(32),
                MaxUploads = 7,
                IsTruncated = true,
                Uploads = [new ListedUpload(arbitrary.Key(), arbitrary.Name(32), Some.Time, "IA"), new ListedUpload(arbitrary.Key(), arbitrary.Name(32), Some.Time)],
                CommonPrefixes = [arbitrary.Key()],
            };
            foreach (var asked in (bool[])[true, false])
            {
                var read = ListMultipartUploadsResult.Parse(listed.ToXml(asked));
                Assert.Equal(listed.Uploads, read.Uploads);
                Assert.Equal(listed.CommonPrefixes, read.CommonPrefixes);
                Assert.Equal(listed, read with { Uploads = listed.Uploads, CommonPrefixes = listed.CommonPrefixes });
            }
        }
    }

    [Fact]
    public void Reads_objects_as_OSS_lists_them()
    {
        var result = ListObjectsV2Result.Parse("""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
                <Name>oss-example</Name>
                <Prefix></Prefix>
                <StartAfter>b</StartAfter>
                <MaxKeys>3</MaxKeys>
                <EncodingType>url</EncodingType>
                <IsTruncated>true</IsTruncated>
                <NextContinuationToken>CgJiYw--</NextContinuationToken>
                <Contents>
                    <Key>b%2Fc</Key>
                    <LastModified>2020-05-18T05:45:54.000Z</LastModified>
                    <ETag>"35A27C2B9EAEEB6F48FD7FB5861DAAAA"</ETag>
                    <Size>25</Size>
                    <StorageClass>Standard</StorageClass>
                    <Owner><ID>1686240967192623</ID><DisplayName>1686240967192623</DisplayName></Owner>
                </Contents>
                <CommonPrefixes><Prefix>c%2F</Prefix></CommonPrefixes>
                <CommonPrefixes><Prefix>%E4%B8%AD%2F</Prefix></CommonPrefixes>
                <KeyCount>3</KeyCount>
            </ListBucketResult>
            """);

        Assert.Equal(("oss-example", "b", 3, true, "CgJiYw--", 3), (result.Bucket, result.StartAfter, result.MaxKeys, result.IsTruncated, result.NextContinuationToken, result.KeyCount));
        Assert.Equal(
            new ListedObject("b/c", "\"35A27C2B9EAEEB6F48FD7FB5861DAAAA\"", 25, new DateTimeOffset(2020, 5, 18, 5, 45, 54, TimeSpan.Zero)) { Owner = new OssOwner("1686240967192623", "1686240967192623") },
            result.Objects.Single());
        Assert.Equal(["c/", "中/"], result.CommonPrefixes);
    }

    [Fact]
    public void Reads_uploads_as_OSS_lists_them()
    {
        var result = ListMultipartUploadsResult.Parse("""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
                <Bucket>oss-example</Bucket>
                <KeyMarker></KeyMarker>
                <UploadIdMarker></UploadIdMarker>
                <NextKeyMarker>oss.avi</NextKeyMarker>
                <NextUploadIdMarker>0004B99B8E707874FC2D692FA5D77D3F</NextUploadIdMarker>
                <Delimiter></Delimiter>
                <Prefix></Prefix>
                <MaxUploads>1000</MaxUploads>
                <IsTruncated>false</IsTruncated>
                <Upload>
                    <Key>oss.avi</Key>
                    <UploadId>0004B99B8E707874FC2D692FA5D77D3F</UploadId>
                    <Initiated>2012-02-23T06:14:27.000Z</Initiated>
                </Upload>
            </ListMultipartUploadsResult>
            """);

        Assert.Equal(("oss-example", "oss.avi", "0004B99B8E707874FC2D692FA5D77D3F", false), (result.Bucket, result.NextKeyMarker, result.NextUploadIdMarker, result.IsTruncated));
        Assert.Null(result.Delimiter);
        Assert.Equal([new ListedUpload("oss.avi", "0004B99B8E707874FC2D692FA5D77D3F", new DateTimeOffset(2012, 2, 23, 6, 14, 27, TimeSpan.Zero))], result.Uploads);
    }

    [Fact]
    public void Times_are_whole_seconds()
    {
        var listed = new ListedUpload("k", "id", Some.Time.AddMilliseconds(678));

        Assert.Contains("<Initiated>2025-01-02T03:04:05.000Z</Initiated>", new ListMultipartUploadsResult { Bucket = "b", Uploads = [listed] }.ToXml(false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Contents><Key>a</Key><ETag>A</ETag></Contents>")]
    [InlineData("<Contents><ETag>A</ETag><Size>1</Size></Contents>")]
    [InlineData("<Contents><Key>a</Key><ETag>A</ETag><Size>-1</Size></Contents>")]
    [InlineData("<MaxKeys>many</MaxKeys>")]
    [InlineData("<CommonPrefixes/>")]
    public void Refuses_a_list_of_objects_that_is_malformed(string piece) =>
        Assert.Throws<XmlException>(() => ListObjectsV2Result.Parse($"<ListBucketResult><Name>b</Name>{piece}</ListBucketResult>"));

    [Theory]
    [InlineData("<Upload><Key>a</Key></Upload>")]
    [InlineData("<Upload><UploadId>a</UploadId></Upload>")]
    [InlineData("<Upload><Key>a</Key><UploadId>a</UploadId><Initiated>now</Initiated></Upload>")]
    public void Refuses_a_list_of_uploads_that_is_malformed(string piece) =>
        Assert.Throws<XmlException>(() => ListMultipartUploadsResult.Parse($"<ListMultipartUploadsResult><Bucket>b</Bucket>{piece}</ListMultipartUploadsResult>"));
}
