namespace Oss.Protocol;

/// <summary>A part that OSS has.</summary>
/// <param name="Number">1 to 10,000; OSS puts the parts together in this order.</param>
/// <param name="ETag">With quotes, as OSS writes it: MD5 of the part in upper-case hex.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc64">CRC-64/XZ of the part; null when OSS did not say.</param>
public sealed record UploadedPart(int Number, string ETag, long Size, ulong? Crc64);
