using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Compares a source with the checksums that the job gives, before the object is made. A hash needs every byte in order, and cannot be handed from one message to another: the source is read once more for it.
/// </summary>
public sealed class SourceChecksums(IOptions<BulkUploadOptions> options)
{
    internal async Task VerifyAsync(UploadObject found, IUploadSource source, CancellationToken cancellationToken)
    {
        var (entry, facts) = (found.Entry, found.Facts!);
        // The checksum of several parts is combined from theirs.
        var crc = found.UploadId is null ? entry.Crc64Value : null;
        if (entry.Md5 is null && entry.Sha256 is null && crc is null)
        {
            return;
        }

        if (source is OssUploadSource || facts.Size > options.Value.MaxHashedSize)
        {
            throw new BulkUploadException(
                "checksum_not_checkable", $"An md5 or sha256 of a source of OSS, or of more than {options.Value.MaxHashedSize} bytes (BulkUploads__MaxHashedSize), is not checked: give its crc64.");
        }

        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var read = await source.Open(new PartRange(1, 0, facts.Size), facts).ReadAsync(
            piece =>
            {
                if (entry.Md5 is not null)
                {
                    md5.AppendData(piece.Span);
                }

                if (entry.Sha256 is not null)
                {
                    sha256.AppendData(piece.Span);
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        Compare("md5", entry.Md5Bytes, md5);
        Compare("sha256", entry.Sha256Bytes, sha256);
        if (crc is { } must && must != read)
        {
            throw new BulkUploadException("checksum_mismatch", $"The source's CRC64 is {read}; the job says {must}.");
        }
    }

    private static void Compare(string name, byte[]? expected, IncrementalHash hash)
    {
        if (expected is not null && !expected.AsSpan().SequenceEqual(hash.GetHashAndReset()))
        {
            throw new BulkUploadException("checksum_mismatch", $"The source's {name} is not the one that the job gives.");
        }
    }
}
