using Oss.Emulator.Callbacks;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class ImageInfoTests
{
    public static TheoryData<string, string, long, long> Images => new()
    {
        { "89504E470D0A1A0A0000000D4948445200000200000001000806000000", "png", 512, 256 },
        { "47494638396140010200F00000", "gif", 320, 2 },
        // Quantisation table first, then the frame.
        { "FFD8FFDB0004AABBFFC0001108003C005003012200021101031101", "jpg", 80, 60 },
        { "52494646000000005745425056503820000000000000009D012A40010F00", "webp", 320, 15 },
        { "524946460000000057454250565038580A000000000000003F01000E0000", "webp", 320, 15 },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Reads_format_and_size(string hex, string format, long width, long height) =>
        Assert.Equal(new ImageInfo(format, width, height), ImageInfo.Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("89504E47")]
    [InlineData("FFD8FFDB")]
    [InlineData("FFD8FFDB0000FFDB0000FFDB0000")]
    [InlineData("68656C6C6F20776F726C6468656C6C6F20776F726C64")]
    public void Anything_else_is_no_image(string hex) => Assert.Null(ImageInfo.Read(Convert.FromHexString(hex)));
}
