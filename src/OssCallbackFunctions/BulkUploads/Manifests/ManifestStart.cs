namespace OssCallbackFunctions.BulkUploads;

/// <summary>Knows by its first bytes what is no manifest, so that one mistake is not a million errors.</summary>
internal static class ManifestStart
{
    /// <summary>Bytes looked at.</summary>
    public const int Length = 512;

    // UTF-32's mark begins with UTF-16's.
    private static readonly (byte[] Magic, string What)[] Known =
    [
        ([0xFF, 0xFE, 0x00, 0x00], "UTF-32"),
        ([0x00, 0x00, 0xFE, 0xFF], "UTF-32"),
        ([0xFF, 0xFE], "UTF-16"),
        ([0xFE, 0xFF], "UTF-16"),
        ([0x1F, 0x8B], "gzip"),
        ([0x50, 0x4B, 0x03, 0x04], "zip (or a spreadsheet)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
        ([0x42, 0x5A, 0x68], "bzip2"),
    ];

    /// <summary>Bytes of a byte order mark to leave out, 0 or 3.</summary>
    /// <exception cref="ManifestException">It is no text in UTF-8.</exception>
    public static int Check(ReadOnlySpan<byte> bytes)
    {
        foreach (var (magic, what) in Known)
        {
            if (bytes.StartsWith(magic))
            {
                throw NotText(what.StartsWith("UTF", StringComparison.Ordinal) ? $"text in {what}: save it as UTF-8" : $"{what}: unpack it, or save it as text in UTF-8");
            }
        }

        return bytes.Contains((byte)0) ? throw NotText("binary, or text in UTF-16 without a byte order mark: save it as text in UTF-8")
            : bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    private static ManifestException NotText(string what) => new("manifest_not_text", $"The manifest is {what}.");
}
