namespace Oss.Protocol.Tests.Multipart;

public sealed class KeysInXmlTests
{
    [Theory]
    [InlineData("plain.txt", false, false)]
    [InlineData("图片/🚀 <&>\"'.txt", false, false)]
    [InlineData("plain.txt", true, true)]
    [InlineData("a\u0001b", false, true)]
    [InlineData("a\u0001b", true, true)]
    [InlineData("a\rb", false, false)]
    [InlineData("a\nb", false, false)]
    [InlineData("a\tb", false, false)]
    public void Come_back_as_they_were_and_are_encoded_when_they_must_be(string key, bool asked, bool isEncoded)
    {
        var initiated = new InitiateMultipartUploadResult("bucket", key, "id").ToXml(asked);
        var completed = new CompleteMultipartUploadResult("http://host/", "bucket", key, "\"E-1\"").ToXml(asked);
        var listed = new ListPartsResult { Bucket = "bucket", Key = key, UploadId = "id" }.ToXml(asked);
        Assert.Equal(key, InitiateMultipartUploadResult.Parse(initiated).Key);
        Assert.Equal(key, CompleteMultipartUploadResult.Parse(completed).Key);
        Assert.Equal(key, ListPartsResult.Parse(listed).Key);
        Assert.All([initiated, completed, listed], xml => Assert.Equal(isEncoded, xml.Contains("<EncodingType>url</EncodingType>", StringComparison.Ordinal)));
    }
}
