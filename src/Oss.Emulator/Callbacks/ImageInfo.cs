using System.Buffers.Binary;

namespace Oss.Emulator.Callbacks;

/// <summary>Format and size of an image, read from its first bytes.</summary>
internal sealed record ImageInfo(string Format, long Width, long Height)
{
    /// <summary>Bytes that are enough for nearly every image; a JPEG may have long metadata before its size.</summary>
    public const int StartLength = 256 * 1024;

    /// <summary>Reads PNG, GIF, JPEG and WebP; null for anything else.</summary>
    public static ImageInfo? Read(ReadOnlySpan<byte> start) =>
        start.Length >= 24 && start[0] == 0x89 && start[1..8].SequenceEqual("PNG\r\n\u001a\n"u8)
            ? new ImageInfo("png", BinaryPrimitives.ReadUInt32BigEndian(start[16..]), BinaryPrimitives.ReadUInt32BigEndian(start[20..]))
        : start.Length >= 10 && (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
            ? new ImageInfo("gif", BinaryPrimitives.ReadUInt16LittleEndian(start[6..]), BinaryPrimitives.ReadUInt16LittleEndian(start[8..]))
        : start.Length >= 4 && start[0] == 0xFF && start[1] == 0xD8 ? Jpeg(start)
        : start.Length >= 30 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8) ? WebP(start)
        : null;

    private static ImageInfo? Jpeg(ReadOnlySpan<byte> start)
    {
        for (var position = 2; position + 9 <= start.Length && start[position] == 0xFF;)
        {
            var marker = start[position + 1];
            // Start of frame: C0 to CF but for the tables and extensions among them.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new ImageInfo(
                    "jpg", BinaryPrimitives.ReadUInt16BigEndian(start[(position + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(start[(position + 5)..]));
            }

            position += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(start[(position + 2)..]);
        }

        return null;
    }

    private static ImageInfo? WebP(ReadOnlySpan<byte> start) => start[15] switch
    {
        (byte)' ' => new ImageInfo("webp", BinaryPrimitives.ReadUInt16LittleEndian(start[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(start[28..]) & 0x3FFF),
        (byte)'L' => new ImageInfo(
            "webp", (BinaryPrimitives.ReadUInt32LittleEndian(start[21..]) & 0x3FFF) + 1, ((BinaryPrimitives.ReadUInt32LittleEndian(start[21..]) >> 14) & 0x3FFF) + 1),
        (byte)'X' => new ImageInfo(
            "webp", (BinaryPrimitives.ReadUInt32LittleEndian(start[24..]) & 0xFFFFFF) + 1, (BinaryPrimitives.ReadUInt32LittleEndian(start[26..]) >> 8) + 1),
        _ => null,
    };
}
