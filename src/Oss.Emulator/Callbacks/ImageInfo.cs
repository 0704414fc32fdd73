using System.Buffers.Binary;

namespace Oss.Emulator.Callbacks;

/// <summary>Format and size of an image, read from its header.</summary>
internal sealed record ImageInfo(string Format, long Width, long Height)
{
    /// <summary>Bytes that are enough for all formats but JPEG, which may have long metadata before its size.</summary>
    private const int StartLength = 64;

    /// <summary>Reads PNG, GIF, JPEG, WebP and BMP; null for anything else, and for what is cut off before its size.</summary>
    /// <param name="read">Reads a piece of the content, from an offset; a shorter one where the content ends.</param>
    public static async Task<ImageInfo?> ReadAsync(Func<long, int, Task<byte[]>> read)
    {
        var start = await read(0, StartLength);
        var image = start.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? await JpegHeader.FindAsync(read) : Read(start);
        return image is { Width: > 0, Height: > 0 } ? image : null;
    }

    private static ImageInfo? Read(ReadOnlySpan<byte> start) =>
        start.Length >= 24 && start[0] == 0x89 && start[1..8].SequenceEqual("PNG\r\n\u001a\n"u8) && start[12..16].SequenceEqual("IHDR"u8)
            ? new ImageInfo("png", BinaryPrimitives.ReadUInt32BigEndian(start[16..]), BinaryPrimitives.ReadUInt32BigEndian(start[20..]))
        : start.Length >= 10 && (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
            ? new ImageInfo("gif", BinaryPrimitives.ReadUInt16LittleEndian(start[6..]), BinaryPrimitives.ReadUInt16LittleEndian(start[8..]))
        : start.Length >= 25 && start.StartsWith("RIFF"u8) && start[8..15].SequenceEqual("WEBPVP8"u8) ? WebP(start)
        : start.Length >= 26 && start.StartsWith("BM"u8) ? Bmp(start)
        : null;

    private static ImageInfo? WebP(ReadOnlySpan<byte> start) => (char)start[15] switch
    {
        // Lossy: a key frame's start code comes before the size.
        ' ' when start.Length >= 30 && start[23..26].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]) => new ImageInfo(
            "webp", BinaryPrimitives.ReadUInt16LittleEndian(start[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(start[28..]) & 0x3FFF),
        'L' when start[20] == 0x2F => new ImageInfo(
            "webp", (BinaryPrimitives.ReadUInt32LittleEndian(start[21..]) & 0x3FFF) + 1, ((BinaryPrimitives.ReadUInt32LittleEndian(start[21..]) >> 14) & 0x3FFF) + 1),
        'X' when start.Length >= 30 => new ImageInfo(
            "webp", (BinaryPrimitives.ReadUInt32LittleEndian(start[24..]) & 0xFFFFFF) + 1, (BinaryPrimitives.ReadUInt32LittleEndian(start[26..]) >> 8) + 1),
        _ => null,
    };

    // The old header has 16 bits for each; a negative height means that the rows go down.
    private static ImageInfo? Bmp(ReadOnlySpan<byte> start) => BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) switch
    {
        12 => new ImageInfo("bmp", BinaryPrimitives.ReadUInt16LittleEndian(start[18..]), BinaryPrimitives.ReadUInt16LittleEndian(start[20..])),
        >= 40 and <= 124 => new ImageInfo("bmp", BinaryPrimitives.ReadInt32LittleEndian(start[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(start[22..]))),
        _ => null,
    };
}
