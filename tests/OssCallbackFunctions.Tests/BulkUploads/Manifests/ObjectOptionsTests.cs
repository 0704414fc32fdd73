using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ObjectOptionsTests
{
    private static readonly DateTimeOffset Stored = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly SourceFacts Facts = new(5, "v");

    [Fact]
    public void What_OSS_would_refuse_is_refused()
    {
        static Dictionary<string, string> Pair(string name, string value) => new() { [name] = value };
        var good = new ObjectOptions
        {
            SkipExisting = true, Update = true, Include = ["*"], Exclude = ["a"], Metadata = Pair("a", "b"), Tags = Pair("Key +-=._:/", new string('v', 256)), StorageClass = "IA",
            Acl = "private", ContentType = "text/plain", ContentTypeByExtension = true, ContentDisposition = "attachment; filename=\"a.txt\"", CacheControl = "max-age=60", ForbidOverwrite = true,
        };

        Assert.Null(new ObjectOptions().RefuseOptions());
        Assert.Null(good.RefuseOptions());
        Assert.Equal("invalid_content_type", (good with { ContentType = "png" }).RefuseOptions()!.Code);
        Assert.All(
            new[]
            {
                good with { Include = ["["] }, good with { Exclude = [""] }, good with { Metadata = Pair("a b", "c") }, good with { Metadata = Pair("a", "b\r\nc") },
                good with { Tags = Pair("", "v") }, good with { Tags = Pair("k", new string('v', 257)) }, good with { Tags = Pair(new string('k', 129), "v") }, good with { Tags = Pair("k", "ä") },
                good with { Tags = Pair("k&x", "v") }, good with { Tags = Enumerable.Range(0, 11).ToDictionary(i => $"k{i}", _ => "v") }, good with { StorageClass = "ia" }, good with { Acl = "public" },
                good with { ContentDisposition = "" }, good with { ContentDisposition = "a\r\nx-oss-object-acl: public-read" }, good with { ContentDisposition = new string('a', 1025) },
                good with { CacheControl = " no-cache" }, good with { CacheControl = "ä" },
            },
            wrong => Assert.Equal("invalid_job", wrong.RefuseOptions()!.Code));
    }

    [Fact]
    public void Two_are_equal_by_what_is_in_their_lists()
    {
        static ObjectOptions Make(string value) => new() { Include = ["*"], Metadata = new Dictionary<string, string> { ["a"] = value, ["b"] = "" }, Tags = new Dictionary<string, string>() };

        Assert.Equal(Make("1"), Make("1"));
        Assert.Equal(Make("1").GetHashCode(), Make("1").GetHashCode());
        Assert.NotEqual(Make("1"), Make("2"));
        Assert.NotEqual(Make("1"), Make("1") with { Include = ["?"] });
        Assert.NotEqual(Make("1"), Make("1") with { Exclude = ["?"] });
        Assert.NotEqual(Make("1"), Make("1") with { Metadata = null });
        Assert.NotEqual(Make("1"), Make("1") with { Update = true });
        Assert.NotEqual(Make("1"), Make("1") with { CacheControl = "no-cache" });
    }

    [Theory]
    // Nothing there.
    [InlineData(true, true, null, null, null, 0, null)]
    // The same size, and checksums known: they decide.
    [InlineData(true, false, 5, 7, 7, 1, "exists")]
    [InlineData(true, false, 5, 8, 7, -1, null)]
    [InlineData(true, false, 4, 7, 7, -1, null)]
    // A checksum unknown: the times decide, and to the second the source may be as old.
    [InlineData(true, false, 5, 7, null, 0, "exists")]
    [InlineData(true, false, 5, null, 7, -1, "exists")]
    [InlineData(true, false, 5, null, null, 1, null)]
    [InlineData(true, false, 5, null, null, null, null)]
    [InlineData(false, true, 5, 8, 7, 0, "not_newer")]
    [InlineData(false, true, 5, 7, 7, 1, null)]
    [InlineData(false, true, 4, 7, 7, null, null)]
    [InlineData(true, true, 4, null, null, -1, "not_newer")]
    [InlineData(false, false, 5, 7, 7, -1, null)]
    public void Leaves_out_what_is_there_or_not_newer(bool skipExisting, bool update, int? hadSize, int? hadCrc, int? crc, int? secondsNewer, string? reason)
    {
        var existing = hadSize is { } size ? new ObjectHead(size, "\"e\"", (ulong?)hadCrc, null, Stored) : null;
        var facts = Facts with { Crc64 = (ulong?)crc, LastModified = secondsNewer is { } newer ? Stored.AddSeconds(newer) : null };

        Assert.Equal(reason, new ObjectOptions { SkipExisting = skipExisting, Update = update }.Skips(existing, facts));
    }

    [Fact]
    public void The_content_type_is_the_manifests_the_jobs_the_extensions_the_sources()
    {
        var entry = new ManifestEntry { Source = new BulkUploadSource { File = "a" }, ContentType = "a/entry" };
        var facts = Facts with { ContentType = "a/source" };

        Assert.Equal("a/entry", new ObjectOptions { ContentType = "a/job" }.Properties("k.png", entry, facts).ContentType);
        Assert.Equal("a/job", new ObjectOptions { ContentType = "a/job", ContentTypeByExtension = true }.Properties("k.png", null, facts).ContentType);
        Assert.Equal("image/png", new ObjectOptions { ContentTypeByExtension = true }.Properties("k.png", null, facts).ContentType);
        Assert.Equal("application/octet-stream", new ObjectOptions { ContentTypeByExtension = true }.Properties("k", null, facts).ContentType);
        Assert.Equal("a/source", new ObjectOptions().Properties("k.png", null, facts).ContentType);
        Assert.Null(new ObjectOptions().Properties("k.png", null, Facts with { ContentType = "nonsense" }).ContentType);
        Assert.Null(new ObjectOptions().Properties("k.png", null, Facts).ContentType);
    }

    [Fact]
    public void The_rest_is_the_jobs_and_metadata_the_manifests_before_the_jobs()
    {
        var entry = new ManifestEntry { Source = new BulkUploadSource { File = "a" }, Metadata = new Dictionary<string, string> { ["A"] = "entry" } };
        var properties = new ObjectOptions
        {
            ForbidOverwrite = true, StorageClass = "IA", Acl = "private", ContentDisposition = "inline", CacheControl = "no-cache", Tags = new Dictionary<string, string> { ["t"] = "v" },
            Metadata = new Dictionary<string, string> { ["a"] = "job", ["b"] = "job" },
        }.Properties("k", entry, Facts);

        Assert.Equal((true, "IA", "private", "inline"), (properties.ForbidOverwrite, properties.StorageClass, properties.Acl, properties.ContentDisposition));
        Assert.Equal([("a", "entry"), ("b", "job")], properties.Metadata.Select(item => (item.Key, item.Value)).Order());
        Assert.Equal(("no-cache", "v"), (properties.CacheControl, properties.Tags["t"]));
        Assert.Empty(new ObjectOptions().Properties("k", null, Facts).Metadata);
        Assert.Empty(new ObjectOptions().Properties("k", null, Facts).Tags);
    }

    [Theory]
    [InlineData("a.JPG", "image/jpeg")]
    [InlineData("a/b.tar.gz", "application/gzip")]
    [InlineData("a.html", "text/html")]
    [InlineData("a.b/c", "application/octet-stream")]
    [InlineData(".png", "application/octet-stream")]
    [InlineData("a.", "application/octet-stream")]
    [InlineData("a.unknown", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void Extensions_have_content_types(string key, string type) => Assert.Equal(type, ContentTypeByExtension.Of(key));

    [Fact]
    public void Every_extension_has_a_content_type_that_can_be_signed()
    {
        Assert.InRange(ContentTypeByExtension.Extensions.Count, 100, 250);
        Assert.All(ContentTypeByExtension.Extensions, extension => Assert.True(ContentType.IsValid(ContentTypeByExtension.Of("a." + extension)), extension));
    }
}
