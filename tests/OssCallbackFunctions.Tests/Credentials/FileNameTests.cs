using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("photo.JPG", "photo", ".jpg")]
    [InlineData("/etc/passwd", "passwd", "")]
    [InlineData("..\\..\\windows\\system.ini", "system", ".ini")]
    [InlineData("../../a/../b.txt", "b", ".txt")]
    [InlineData("..", "file", "")]
    [InlineData("...", "file", "")]
    [InlineData("", "file", "")]
    [InlineData("a/", "file", "")]
    [InlineData(".htaccess", "htaccess", "")]
    [InlineData("archive.tar.gz", "archive.tar", ".gz")]
    [InlineData("a.b c", "a.b c", "")]
    [InlineData("name.thisisnoextension", "name.thisisnoextension", "")]
    [InlineData("a\r\nx-oss-object-acl: public-read.txt", "a x-oss-object-acl_ public-read", ".txt")]
    [InlineData("a\0b.txt", "a_b", ".txt")]
    [InlineData("a\u202Egpj.exe", "a_gpj", ".exe")]
    [InlineData("\u200B", "_", "")]
    [InlineData("${filename}.png", "__filename_", ".png")]
    [InlineData("\"quoted\";x=y.txt", "_quoted__x_y", ".txt")]
    [InlineData("100%+a&b#c?d*.txt", "100__a_b_c_d_", ".txt")]
    [InlineData("  spaces \t and  more .txt ", "spaces and more", ".txt")]
    [InlineData("封面 图片.png", "封面 图片", ".png")]
    [InlineData("🚀.bin", "🚀", ".bin")]
    [InlineData("e\u0301.txt", "e\u0301", ".txt")]
    public void Makes_a_name_fit_for_a_key(string given, string name, string extension) => Assert.Equal(new FileName(name, extension), FileName.Of(given));

    // No attribute can hold it: attributes are UTF-8.
    [Fact]
    public void Makes_Unicode_of_half_a_character() => Assert.Equal(new FileName("half\uFFFD", ".txt"), FileName.Of("half\uD83D.txt"));

    [Fact]
    public void Cuts_between_characters()
    {
        var name = FileName.Of(string.Concat(Enumerable.Repeat("🚀", 100)) + ".bin");
        Assert.Equal(string.Concat(Enumerable.Repeat("🚀", 25)), name.Name);
        Assert.Equal(".bin", name.Extension);
    }
}
