namespace Sandbox;

/// <summary>A file of pseudo-random bytes to upload, with its checksum.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc64">CRC-64/XZ.</param>
internal sealed record SourceFile(string Path, long Size, ulong Crc64)
{
    private const int BlockBytes = 1024 * 1024;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Writes a file of the size given; the same seed gives the same bytes.</summary>
    public static async Task<SourceFile> CreateAsync(string folder, string name, long size, int seed, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(folder, name);
        var random = new Random(seed);
        var block = new byte[BlockBytes];
        ulong crc = 0;
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        for (var left = size; left > 0;)
        {
            random.NextBytes(block);
            var length = (int)Math.Min(block.Length, left);
            crc = Oss.Protocol.Crc64.Append(crc, block.AsSpan(0, length));
            await file.WriteAsync(block.AsMemory(0, length), cancellationToken);
            left -= length;
        }

        // On disk before it is uploaded: what is still to be written would slow the upload down.
        file.Flush(flushToDisk: true);
        return new SourceFile(path, size, crc);
    }
}
