using Oss.Emulator.Callbacks;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class ImageInfoTests
{
    public static TheoryData<string> Names => [.. Images.All.Keys];

    private static Task<ImageInfo?> ReadAsync(byte[] content) => ImageInfo.ReadAsync((offset, length) =>
    {
        var start = (int)Math.Min(offset, content.Length);
        return Task.FromResult(content[start..Math.Min(start + length, content.Length)]);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Reads_format_and_size(string name) =>
        Assert.Equal(new ImageInfo(name.Split(' ')[0], 3, 2), await ReadAsync(Images.All[name]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_536, 3)]
    [InlineData(2, 70_000)]
    public async Task Reads_sizes_of_more_than_two_bytes(int width, int height) => Assert.Equal(new ImageInfo("png", width, height), await ReadAsync(Images.Png(width, height)));

    [Theory]
    [InlineData("RIFF 16383 by 1, lossy", "52494646 00000000 57454250 56503820 00000000 000000 9D012A FF7F 01C0", "webp", 16383, 1)]
    [InlineData("lossless 16384 by 16384", "5249464600000000574542505650384C000000002FFFFFFF0F", "webp", 16384, 16384)]
    [InlineData("extended 16777216 by 1", "524946460000000057454250565038580A00000000000000FFFFFF000000", "webp", 16777216, 1)]
    [InlineData("BMP whose rows go down", "424D00000000000000000000000028000000030000 00FEFFFFFF", "bmp", 3, 2)]
    [InlineData("BMP with the old header", "424D000000000000000000000000 0C00000003000200 0000000000", "bmp", 3, 2)]
    public async Task Reads_the_extremes(string what, string hex, string format, long width, long height)
    {
        var image = await ReadAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal((what, new ImageInfo(format, width, height)), (what, image));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 4096)]
    [InlineData(6, 65_535)]
    [InlineData(200, 30_000)]
    public async Task Finds_the_frame_of_a_JPEG_behind_its_metadata(int segments, int length)
    {
        Assert.Equal(new ImageInfo("jpg", 3, 2), await ReadAsync(Images.WithMetadata(Images.JpegBaseline, segments, Math.Max(length, 11))));
        Assert.Equal(new ImageInfo("jpg", 3, 2), await ReadAsync(Images.WithMetadata(Images.JpegProgressive, segments, Math.Max(length, 11), fillBytes: 5000 / segments)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_image_that_is_cut_off_is_what_it_was_or_none(string name)
    {
        var whole = new ImageInfo(name.Split(' ')[0], 3, 2);
        for (var length = 0; length < Images.All[name].Length; length++)
        {
            Assert.True(await ReadAsync(Images.All[name][..length]) is var image && (image is null || image == whole), $"{length} bytes: {image}");
        }

        Assert.Null(await ReadAsync(Images.All[name][..9]));
    }

    [Fact]
    public async Task Garbage_never_throws()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var image = Images.All.Values.ElementAt(seed % Images.All.Count).ToArray();
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                image[random.Next(image.Length)] = (byte)random.Next(256);
            }

            Assert.True(await ReadAsync(image) is null or { Width: > 0, Height: > 0 });
            random.NextBytes(image.AsSpan(2));
            Assert.True(await ReadAsync(image) is null or { Width: > 0, Height: > 0 });
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("89504E47")]
    [InlineData("FFD8")]
    [InlineData("FFD8FFDB")]
    [InlineData("FFD8FFDB0000FFDB0000FFDB0000")]
    [InlineData("FFD8FFD9FFC0000B080002000301011100")]
    [InlineData("FFD8FFDA0002FFC0000B080002000301011100")]
    [InlineData("FFD8FFC0000B080000000001011100")]
    [InlineData("FFD800FFC0000B080002000301011100")]
    [InlineData("89504E470D0A1A0A0000000D49444154000002000000010008060000")]
    [InlineData("524946460000000057454250565038200000000000000000000000000300020000")]
    [InlineData("5249464600000000574156456666000000000000000000000000000003000200")]
    [InlineData("68656C6C6F20776F726C6468656C6C6F20776F726C6468656C6C6F20776F726C64")]
    public async Task Anything_else_is_no_image(string hex) => Assert.Null(await ReadAsync(Convert.FromHexString(hex)));

    [Fact]
    public async Task Fill_bytes_without_end_are_no_image()
    {
        var fill = Enumerable.Repeat((byte)0xFF, 1_000_000).ToArray();
        fill[1] = 0xD8;

        Assert.Null(await ReadAsync(fill));
    }
}
