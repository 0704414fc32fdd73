using System.Security.Cryptography;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Checksums as people write them.</summary>
internal static class ExpectedChecksums
{
    /// <summary>What is wrong with them, if anything.</summary>
    public static BulkUploadError? Refuse(string? md5, string? sha256, string? crc64) =>
        md5 is not null && Read(md5, MD5.HashSizeInBytes) is null ? Refused("md5 must be 32 hex digits, or base64 of 16 bytes.")
        : sha256 is not null && Read(sha256, SHA256.HashSizeInBytes) is null ? Refused("sha256 must be 64 hex digits, or base64 of 32 bytes.")
        : crc64 is not null && !Crc64.TryParse(crc64, out _) ? Refused("crc64 must be a decimal number below 2^64, as OSS writes it.")
        : null;

    /// <summary>The bytes of a checksum in hex or base64, which differ in length; null when it is neither.</summary>
    public static byte[]? Read(string text, int length) =>
        text.Length == 2 * length && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text)
        : OssEncoding.TryDecodeBase64(text, out var bytes) && bytes.Length == length ? bytes
        : null;

    private static BulkUploadError Refused(string message) => new("invalid_checksum", message);
}
