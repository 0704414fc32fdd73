namespace Sandbox.Tests;

public sealed class SandboxOptionsTests
{
    [Fact]
    public void Has_defaults()
    {
        var options = SandboxOptions.Parse([]);
        Assert.False(options.Once);
        Assert.Null(options.AppPort);
        Assert.Equal(0, options.OssPort);
        Assert.Null(options.MeasureMiB);
    }

    [Fact]
    public void Reads_every_option_that_the_usage_names()
    {
        var options = SandboxOptions.Parse(["--once", "--size", "7", "--measure", "8", "--app-port", "9", "--oss-port", "10", "--storage-port", "11", "--folder", "x", "--help"]);
        Assert.Equal(
            (true, 7, 8, 9, 10, 11, Path.GetFullPath("x"), true),
            (options.Once, options.SizeMiB, options.MeasureMiB, options.AppPort, options.OssPort, options.StoragePort, options.Folder, options.Help));
    }

    [Theory]
    [InlineData("--size")]
    [InlineData("--size", "0")]
    [InlineData("--size", "many")]
    [InlineData("--app-port", "65536")]
    [InlineData("once")]
    public void Refuses_what_it_cannot_read(params string[] arguments) =>
        Assert.Contains(arguments[0], Assert.Throws<FormatException>(() => SandboxOptions.Parse(arguments)).Message, StringComparison.Ordinal);
}
