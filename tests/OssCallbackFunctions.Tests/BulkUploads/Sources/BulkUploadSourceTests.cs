using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class BulkUploadSourceTests
{
    [Fact]
    public void Takes_exactly_one_kind()
    {
        Assert.Null(new BulkUploadSource { Url = "https://x" }.Refuse());
        Assert.Null(new BulkUploadSource { File = "x" }.Refuse());
        Assert.Null(new BulkUploadSource { Blob = "main/x" }.Refuse());
        Assert.Null(new BulkUploadSource { Oss = "oss://bucket/x" }.Refuse());
        Assert.NotNull(new BulkUploadSource().Refuse());
        Assert.NotNull(new BulkUploadSource { File = "" }.Refuse());
        Assert.NotNull(new BulkUploadSource { File = "x", Blob = "main/x" }.Refuse());
        Assert.NotNull(new BulkUploadSource { File = "x", Url = "" }.Refuse());
        Assert.StartsWith("entry.source", new BulkUploadSource().Refuse("entry.source"), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_folders_but_no_URLs_as_a_prefix()
    {
        Assert.Null(new BulkUploadSource { File = "" }.RefusePrefix());
        Assert.Null(new BulkUploadSource { Blob = "main" }.RefusePrefix());
        Assert.Null(new BulkUploadSource { Oss = "oss://bucket" }.RefusePrefix());
        Assert.NotNull(new BulkUploadSource().RefusePrefix());
        Assert.NotNull(new BulkUploadSource { Url = "https://x" }.RefusePrefix());
        Assert.NotNull(new BulkUploadSource { File = "", Oss = "oss://bucket" }.RefusePrefix());
    }

    [Fact]
    public void Refuses_texts_that_are_too_long_by_name()
    {
        Assert.Contains("source.url", new BulkUploadSource { Url = new string('x', 8193) }.Refuse(), StringComparison.Ordinal);
        Assert.Contains("source.file", new BulkUploadSource { File = new string('x', 4097) }.Refuse(), StringComparison.Ordinal);
        Assert.Contains("source.blob", new BulkUploadSource { Blob = new string('x', 1090) }.Refuse(), StringComparison.Ordinal);
        Assert.Contains("prefix.oss", new BulkUploadSource { Oss = new string('x', 1094) }.RefusePrefix(), StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_are_pinned_by_size_and_version_alone()
    {
        var facts = new SourceFacts(1, "v") { ContentType = "text/plain", Crc64 = 2, LastModified = DateTimeOffset.UnixEpoch, HasRanges = false };
        Assert.Equal(new SourceFacts(1, "v"), facts);
        Assert.Equal(new SourceFacts(1, "v").GetHashCode(), facts.GetHashCode());
        Assert.NotEqual(new SourceFacts(2, "v"), facts);
        Assert.NotEqual(new SourceFacts(1, "w"), facts);
    }
}
