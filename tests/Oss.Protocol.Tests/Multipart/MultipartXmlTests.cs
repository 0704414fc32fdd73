using System.Xml;

namespace Oss.Protocol.Tests;

public sealed class MultipartXmlTests
{
    [Fact]
    public void Reads_what_it_writes_whatever_the_key()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var key = arbitrary.Key();
            var initiated = new InitiateMultipartUploadResult(Some.Bucket, key, arbitrary.Name(32));
            Assert.Equal(initiated, InitiateMultipartUploadResult.Parse(initiated.ToXml(encodeKey: true)));

            var completed = new CompleteMultipartUploadResult("http://host/" + OssEncoding.EncodePath(key), Some.Bucket, key, $"\"{arbitrary.Name(32)}-7\"");
            Assert.Equal(completed, CompleteMultipartUploadResult.Parse(completed.ToXml(encodeKey: true)));

            var listed = new ListPartsResult
            {
                Bucket = Some.Bucket,
                Key = key,
                UploadId = "id",
                PartNumberMarker = 1,
                NextPartNumberMarker = 9_999,
                MaxParts = 2,
                IsTruncated = true,
                Parts = [(new UploadedPart(2, "\"A\"", 102_400, ulong.MaxValue), Some.Time), (new UploadedPart(9_999, "\"B\"", 0, null), Some.Time)],
            };
            var read = ListPartsResult.Parse(listed.ToXml(encodeKey: true));
            Assert.Equal(listed.Parts, read.Parts);
            Assert.Equal(listed, read with { Parts = listed.Parts });
        }
    }

    [Fact]
    public void Reads_a_key_that_is_not_encoded() => Assert.Equal(
        "a%2Fb & <c>", InitiateMultipartUploadResult.Parse(new InitiateMultipartUploadResult(Some.Bucket, "a%2Fb & <c>", "id").ToXml(encodeKey: false)).Key);

    [Fact]
    public void Reads_the_parts_of_a_Complete_with_and_without_a_namespace()
    {
        const string parts = "<Part><PartNumber>1</PartNumber><ETag>&quot;A&quot;</ETag></Part><Part><PartNumber>3</PartNumber><ETag>B</ETag></Part>";
        foreach (var start in (string[])["<CompleteMultipartUpload>", "<CompleteMultipartUpload xmlns=\"http://doc.oss-cn-hangzhou.aliyuncs.com\">"])
        {
            Assert.Equal([(1, "\"A\""), (3, "B")], CompleteMultipartUpload.Parse($"{start}{parts}</CompleteMultipartUpload>").Parts);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Status\":\"OK\"}")]
    [InlineData("<CompleteMultipartUpload/>")]
    [InlineData("<Other><Part><PartNumber>1</PartNumber><ETag>A</ETag></Part></Other>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>one</PartNumber><ETag>A</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>-1</PartNumber><ETag>A</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><ETag>A</ETag></Part></CompleteMultipartUpload>")]
    [InlineData("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"A\">]><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&e;</ETag></Part></CompleteMultipartUpload>")]
    public void Refuses_a_Complete_that_is_malformed(string xml) => Assert.Throws<XmlException>(() => CompleteMultipartUpload.Parse(xml));

    [Theory]
    [InlineData("<PartNumberMarker>x</PartNumberMarker>")]
    [InlineData("<NextPartNumberMarker>99999999999</NextPartNumberMarker>")]
    [InlineData("<MaxParts>-1</MaxParts>")]
    [InlineData("<Part><PartNumber>4294967297</PartNumber><ETag>A</ETag><Size>1</Size></Part>")]
    [InlineData("<Part><PartNumber>1</PartNumber><ETag>A</ETag><Size>1.5</Size></Part>")]
    [InlineData("<Part><PartNumber>1</PartNumber><ETag>A</ETag><Size>1</Size><LastModified>yesterday</LastModified></Part>")]
    public void Refuses_a_ListParts_reply_that_is_malformed(string piece) => Assert.Throws<XmlException>(() => ListPartsResult.Parse(
        $"<ListPartsResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>{piece}</ListPartsResult>"));

    [Fact]
    public void Reads_a_ListParts_reply_as_OSS_writes_it()
    {
        var result = ListPartsResult.Parse("""
            <?xml version="1.0" encoding="UTF-8"?>
            <ListPartsResult>
                <Bucket>multipart_upload</Bucket>
                <Key>multipart.data</Key>
                <UploadId>0004B999EF5A239BB9138C6227D69F95</UploadId>
                <NextPartNumberMarker>5</NextPartNumberMarker>
                <MaxParts>1000</MaxParts>
                <PartNumberMarker></PartNumberMarker>
                <IsTruncated>false</IsTruncated>
                <Part>
                    <PartNumber>5</PartNumber>
                    <LastModified>2012-02-23T07:02:03.000Z</LastModified>
                    <ETag>&quot;7265F4D211B56873A381D321F586E4A9&quot;</ETag>
                    <HashCrc64ecma>6571598172666981661</HashCrc64ecma>
                    <Size>1024</Size>
                </Part>
            </ListPartsResult>
            """);

        Assert.False(result.IsTruncated);
        var (part, time) = Assert.Single(result.Parts);
        Assert.Equal(new UploadedPart(5, "\"7265F4D211B56873A381D321F586E4A9\"", 1024, 6571598172666981661), part);
        Assert.Equal(new DateTimeOffset(2012, 2, 23, 7, 2, 3, TimeSpan.Zero), time);
    }
}
