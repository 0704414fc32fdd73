using System.Buffers.Binary;
using System.IO.Compression;

namespace Oss.Emulator.Tests.Callbacks;

/// <summary>Whole images that any viewer shows, 3 by 2 unless said otherwise.</summary>
internal static class Images
{
    public static readonly byte[] JpegBaseline = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAACAAMBAREA/8QAFAABAAAAAAAAAAAA"
        + "AAAAAAAABf/EABsQAQABBQEAAAAAAAAAAAAAAAECAAMEMkFi/9oACAEBAAA/AAciUm4Kuke+Sv/Z");

    public static readonly byte[] JpegProgressive = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wgALCAACAAMBAREA/8QAFAABAAAAAAAAAAAA"
        + "AAAAAAAABP/aAAgBAQAAAAEH/8QAFRABAQAAAAAAAAAAAAAAAAAAAjH/2gAIAQEAAQUCV//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEABj8Cf//EABcQAQADAAAAAAAAAAAAAAAAAAEAkbH/2gAIAQEA"
        + "AT8hTQyf/9oACAEBAAAAEH//xAAXEAEAAwAAAAAAAAAAAAAAAAABAGFx/9oACAEBAAE/EEBV2pP/2Q==");

    public static readonly byte[] WebPLossy = Convert.FromBase64String(
        "UklGRkQAAABXRUJQVlA4IDgAAADQAQCdASoDAAIABABoJagCdAEUowvnAAD+7O3BUT7TBuG5G3wk5L5/0PU/bAbHr/n3IJirUOQAAA==");

    public static readonly byte[] WebPLossless = Convert.FromBase64String(
        "UklGRkgAAABXRUJQVlA4TDwAAAAvAkAAAC+goG0U6F4QiX8d2CCTtim96t/QpE1B2zZMP5fxB7j5D/Af4kHaNrcDhWwjwKndQ3BqF9H/GC8=");

    public static readonly byte[] WebPExtended = Convert.FromBase64String(
        "UklGRl4AAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAgP//////AFZQOCAwAAAA0AEAnQEqAwACAAQAaCWoAnQBH231JYAA/u8fTZ/6jgWFzpgj3F8nebHJe3RznNAA");

    public static readonly byte[] Bmp = Convert.FromBase64String(
        "Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAAwIBMmTICQkJAAAAAAD/AP8A/wAAAAAA");

    /// <summary>The formats, each with its image.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> All = new Dictionary<string, byte[]>
    {
        ["png"] = Png(3, 2), ["gif 87a"] = Gif("GIF87a"), ["gif 89a"] = Gif("GIF89a"), ["jpg baseline"] = JpegBaseline, ["jpg progressive"] = JpegProgressive,
        ["webp lossy"] = WebPLossy, ["webp lossless"] = WebPLossless, ["webp extended"] = WebPExtended, ["bmp"] = Bmp,
    };

    /// <summary>A grey PNG of any size.</summary>
    public static byte[] Png(int width, int height)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[(width + 1) * height]);
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A JPEG with metadata and fill bytes before its frame, as many as one likes.</summary>
    public static byte[] WithMetadata(byte[] jpeg, int segments, int segmentLength = 65_535, int fillBytes = 3)
    {
        using var image = new MemoryStream();
        image.Write(jpeg.AsSpan(0, 2));
        for (var i = 0; i < segments; i++)
        {
            image.Write([.. Enumerable.Repeat((byte)0xFF, fillBytes), 0xFF, (byte)(0xE1 + (i % 10)), (byte)(segmentLength >> 8), (byte)segmentLength]);
            // What is in it looks like a frame, and is none.
            var content = new byte[segmentLength - 2];
            content.AsSpan().Fill(0x11);
            ((ReadOnlySpan<byte>)[0xFF, 0xC0, 0, 11, 8, 0, 99, 0, 99]).CopyTo(content);
            image.Write(content);
        }

        image.Write(jpeg.AsSpan(2));
        return image.ToArray();
    }

    // Two colours; clear codes keep all codes at three bits: clear 0 0 clear 0 0 clear 0 0 end.
    private static byte[] Gif(string version) =>
    [
        .. System.Text.Encoding.ASCII.GetBytes(version), 3, 0, 2, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0,
        0x2C, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2, 4, .. Codes(4, 0, 0, 4, 0, 0, 4, 0, 0, 5), 0, 0x3B,
    ];

    private static byte[] Codes(params int[] codes)
    {
        var bits = codes.Select((code, index) => (long)code << (3 * index)).Sum();
        return [(byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24)];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
