using System.Buffers.Binary;

namespace Oss.Emulator.Callbacks;

/// <summary>Finds the frame of a JPEG behind metadata of any length: it goes from segment to segment, and reads only where a segment begins.</summary>
internal static class JpegHeader
{
    private const int WindowLength = 4096;

    // A marker, a length, and of a frame the sample size, height and width.
    private const int FrameHeaderLength = 9;

    // An image with more before its frame is none that anybody made.
    private const int MaxSteps = 10_000;

    /// <summary>The size of the JPEG; null when it ends, or stops being one, before it has told.</summary>
    public static async Task<ImageInfo?> FindAsync(Func<long, int, Task<byte[]>> read)
    {
        byte[] window = [];
        long windowStart = 0;
        long position = 2;
        for (var step = 0; step < MaxSteps; step++)
        {
            if (position + FrameHeaderLength > windowStart + window.Length)
            {
                windowStart = position;
                window = await read(position, WindowLength);
            }

            var segment = window.AsMemory((int)(position - windowStart));
            if (segment.Length < 2 || segment.Span[0] != 0xFF)
            {
                return null;
            }

            var marker = segment.Span[1];
            switch (marker)
            {
                // Any number of fill bytes may stand before a marker.
                case 0xFF:
                    position++;
                    break;
                // These have no length.
                case 0x01 or 0xD8 or (>= 0xD0 and <= 0xD7):
                    position += 2;
                    break;
                // The image data, or the end, and no frame yet.
                case 0xDA or 0xD9 or 0x00:
                    return null;
                // Start of frame: C0 to CF but for the tables and extensions among them.
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    return segment.Length < FrameHeaderLength ? null
                        : new ImageInfo("jpg", BinaryPrimitives.ReadUInt16BigEndian(segment.Span[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment.Span[5..]));
                default:
                    if (segment.Length < 4 || BinaryPrimitives.ReadUInt16BigEndian(segment.Span[2..]) is not (>= 2 and var length))
                    {
                        return null;
                    }

                    position += 2 + length;
                    break;
            }
        }

        return null;
    }
}
