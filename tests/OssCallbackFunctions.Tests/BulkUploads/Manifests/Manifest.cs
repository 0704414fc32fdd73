using System.Text;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

/// <summary>Manifests in memory.</summary>
internal static class Manifest
{
    public static Task<List<ManifestLine>> ReadAsync(string text, ManifestFormat format) => ReadAsync(Encoding.UTF8.GetBytes(text), format);

    /// <summary>Reads from byte <paramref name="start"/> on; the stream gives at most <paramref name="piece"/> bytes at a time.</summary>
    public static async Task<List<ManifestLine>> ReadAsync(byte[] bytes, ManifestFormat format, long start = 0, string? header = null, int piece = int.MaxValue)
    {
        var lines = new List<ManifestLine>();
        using var stream = new PiecesStream(bytes[(int)start..], piece);
        await foreach (var line in ManifestReader.ReadAsync(stream, start, format, header, CancellationToken.None))
        {
            lines.Add(line);
        }

        return lines;
    }

    public static async Task<ManifestHeader> HeaderAsync(byte[] bytes, ManifestFormat format)
    {
        using var stream = new MemoryStream(bytes);
        return await ManifestReader.ReadHeaderAsync(stream, format, CancellationToken.None);
    }

    /// <summary>All that a line says, as text that can be compared.</summary>
    public static string Told(ManifestLine line) => string.Join('|', line.Start, line.Next, Told(line.Entry), line.Error, line.Text);

    public static string Told(ManifestEntry? entry) => entry is null ? "" : string.Join(
        '|', entry.Source, entry.Key, entry.Size, entry.Md5, entry.Sha256, entry.Crc64, entry.ContentType, string.Join(',', entry.Metadata ?? new Dictionary<string, string>()));

    private sealed class PiecesStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
