using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ManifestEntryTests
{
    private static readonly ManifestEntry Good = new() { Source = new BulkUploadSource { File = "a/b.txt" } };

    [Theory]
    [InlineData("file", "a/b.txt", "d/a/b.txt")]
    [InlineData("file", "./a/b.txt", "d/a/b.txt")]
    [InlineData("blob", "name/a/b.txt", "d/a/b.txt")]
    [InlineData("oss", "oss://bucket/a/b.txt", "d/a/b.txt")]
    [InlineData("url", "https://h/a%20b/%C3%A4%2F+.txt?sig=x#y", "d/a b/ä/+.txt")]
    public void The_key_follows_from_the_source(string kind, string source, string key) =>
        Assert.Equal(new DestinationKey(key, null), Entry(kind, source).KeyBelow("d/"));

    [Theory]
    [InlineData("blob", "name")]
    [InlineData("blob", "name/")]
    [InlineData("blob", "/a")]
    [InlineData("oss", "oss://bucket")]
    [InlineData("oss", "oss://bucket/")]
    [InlineData("oss", "oss:///a")]
    [InlineData("oss", "s3://bucket/a")]
    [InlineData("url", "https://h/a/")]
    [InlineData("url", "https://h/a%2F")]
    [InlineData("url", "https://h")]
    [InlineData("url", "https://h/%FF")]
    [InlineData("url", "file:///etc/passwd")]
    [InlineData("url", "a/b")]
    public void Where_no_key_follows_one_is_asked_for(string kind, string source)
    {
        Assert.Equal("invalid_key", Entry(kind, source).Refuse(null)!.Code);
        if (kind == "url")
        {
            Assert.Null((Entry(kind, source) with { Key = "k" }).Refuse(null));
        }
    }

    [Fact]
    public void A_key_is_checked_with_the_destination_before_it()
    {
        Assert.Null((Good with { Key = "/a" }).Refuse("d"));
        Assert.Equal("The object key begins with '/' or '\\'.", (Good with { Key = "/a" }).Refuse(null)!.Message);
        Assert.Equal("The object key begins with '/' or '\\'.", (Good with { Key = @"\a" }).Refuse("")!.Message);
        Assert.Equal("The object key is empty.", (Good with { Key = "" }).Refuse("")!.Message);
        Assert.Equal("The object key is empty.", (Good with { Key = "" }).Refuse("d/")!.Message);
        foreach (var key in new[] { "a\n", "\u007f", "\u0085", "\uffff" })
        {
            Assert.Equal("The object key has control characters.", (Good with { Key = key }).Refuse("d/")!.Message);
        }

        Assert.Equal("The object key is not valid Unicode text.", (Good with { Key = "\ud800" }).Refuse("d")!.Message);
        Assert.Null((Good with { Key = new string('ä', 511) }).Refuse("d"));
        Assert.Equal("The object key has 1024 bytes in UTF-8; OSS allows 1023.", (Good with { Key = new string('ä', 511) }).Refuse("dd")!.Message);
    }

    [Fact]
    public void Everything_else_that_is_wrong_has_its_code()
    {
        Assert.Null(Good.Refuse(null));
        Assert.Equal("invalid_source", Entry("file", "").Refuse(null)!.Code);
        Assert.Equal("invalid_source", (Entry("file", new string('a', 9000)) with { Key = "k" }).Refuse(null)!.Code);
        Assert.Equal("invalid_size", (Good with { Size = 10_000L * 5 * 1024 * 1024 * 1024 + 1 }).Refuse(null)!.Code);
        Assert.Equal("invalid_content_type", (Good with { ContentType = "png" }).Refuse(null)!.Code);
        Assert.Equal("invalid_metadata", (Good with { Metadata = new Dictionary<string, string> { ["a b"] = "c" } }).Refuse(null)!.Code);
    }

    [Theory]
    [InlineData("0cc175b9c0f1b6a831c399e269772661", null, null, true)]
    [InlineData("DMF1ucDxtqgxw5niaXcmYQ==", null, null, true)]
    [InlineData("DMF1ucDxtqgxw5niaXcmYQ", null, null, false)]
    [InlineData("0cc175b9c0f1b6a831c399e26977266", null, null, false)]
    [InlineData("0cc175b9c0f1b6a831c399e26977266g", null, null, false)]
    [InlineData(null, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", null, true)]
    [InlineData(null, "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=", null, true)]
    [InlineData(null, "DMF1ucDxtqgxw5niaXcmYQ==", null, false)]
    [InlineData(null, null, "18446744073709551615", true)]
    [InlineData(null, null, "18446744073709551616", false)]
    [InlineData(null, null, "0x1f", false)]
    [InlineData(null, null, "", false)]
    public void Checksums_are_hex_or_base64_and_crc64_decimal(string? md5, string? sha256, string? crc64, bool isValid) =>
        Assert.Equal(isValid ? null : "invalid_checksum", (Good with { Md5 = md5, Sha256 = sha256, Crc64 = crc64 }).Refuse(null)?.Code);

    [Fact]
    public void Hex_and_base64_are_the_same_bytes() =>
        Assert.Equal(ExpectedChecksums.Read("0CC175b9c0f1b6a831c399e269772661", 16), ExpectedChecksums.Read("DMF1ucDxtqgxw5niaXcmYQ==", 16));

    [Fact]
    public void Metadata_is_tokens_and_printable_ascii_of_at_most_8_KiB_with_the_prefixes()
    {
        Assert.Null(UserMetadata.Refuse(null));
        Assert.Null(UserMetadata.Refuse(new Dictionary<string, string> { ["a-b_c.1"] = "x y", ["b"] = "" }));
        Assert.Null(UserMetadata.Refuse(new Dictionary<string, string> { ["a"] = new('x', 8192 - 12) }));
        Assert.NotNull(UserMetadata.Refuse(new Dictionary<string, string> { ["a"] = new('x', 8192 - 11) }));
        foreach (var name in new[] { "", " ", "a b", "ä", "a:b", "a\r\nb", "a/b" })
        {
            Assert.NotNull(UserMetadata.Refuse(new Dictionary<string, string> { [name] = "x" }));
        }

        foreach (var value in new[] { "ä", "a\r\nx-oss-object-acl: public-read", " a", "a\t", "\0", "\ud800" })
        {
            Assert.NotNull(UserMetadata.Refuse(new Dictionary<string, string> { ["a"] = value }));
        }

        Assert.NotNull(UserMetadata.Refuse(new Dictionary<string, string> { ["a"] = "1", ["A"] = "2" }));
    }

    private static ManifestEntry Entry(string kind, string source) => new()
    {
        Source = kind switch
        {
            "file" => new BulkUploadSource { File = source },
            "blob" => new BulkUploadSource { Blob = source },
            "oss" => new BulkUploadSource { Oss = source },
            _ => new BulkUploadSource { Url = source },
        },
    };
}
