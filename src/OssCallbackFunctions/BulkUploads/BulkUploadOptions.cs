using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>How bulk uploads are carried out.</summary>
public sealed class BulkUploadOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "BulkUploads";

    /// <summary>Folder that <c>source.file</c> is below; null: no files.</summary>
    public string? FileRoot { get; set; }

    /// <summary>Hosts that <c>source.url</c> may name, separated by ";": <c>host</c> or <c>host:port</c>. None: no URLs.</summary>
    public string AllowedSourceHosts { get; set; } = "";

    /// <summary>Whether <c>source.url</c> may be http; for tests.</summary>
    public bool AllowHttpSources { get; set; }

    /// <summary>Whether <c>source.url</c> may lead to addresses that are not of the public internet; for tests.</summary>
    public bool AllowPrivateSources { get; set; }

    /// <summary>Redirects of a source that are followed.</summary>
    [Range(0, 20, ErrorMessage = "BulkUploads__MaxRedirects must be from 0 to 20.")]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Bytes of the largest source that is read in one piece, since its server does not serve ranges; it goes in one PutObject.</summary>
    [Range(0, OssLimits.MaxSimpleUploadSize, ErrorMessage = "BulkUploads__MaxUnrangedSize must be from 0 to 5368709120 bytes.")]
    public long MaxUnrangedSize { get; set; } = OssLimits.MaxSimpleUploadSize;

    /// <summary>Containers that <c>source.blob</c> may name; one without any setting does not count.</summary>
    public Dictionary<string, BlobContainerSettings> BlobContainers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Buckets that <c>source.oss</c> may name, separated by ";": of the same region, and readable with the same key. None: no objects.</summary>
    public string OssSourceBuckets { get; set; } = "";

    /// <summary>Bytes of a part, unless the job or the object's size asks for more; 100 KB to 5 GB.</summary>
    [Range(OssLimits.MinPartSize, OssLimits.MaxSimpleUploadSize, ErrorMessage = "BulkUploads__PartSize must be from 102400 to 5368709120 bytes.")]
    public long PartSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>Parts that one message carries.</summary>
    [Range(1, OssLimits.MaxPartCount, ErrorMessage = "BulkUploads__PartsPerSlice must be from 1 to 10000.")]
    public int PartsPerSlice { get; set; } = 16;

    /// <summary>Parts of one slice that are sent at a time.</summary>
    [Range(1, 64, ErrorMessage = "BulkUploads__PartsInParallel must be from 1 to 64.")]
    public int PartsInParallel { get; set; } = 2;

    /// <summary>Time after which a slice begins no more parts and hands the rest on; well below the host's functionTimeout.</summary>
    public TimeSpan SliceBudget { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Attempts at a step, with pauses that grow from 5 s to 10 min, before its job fails; 12 take the better part of an hour.</summary>
    [Range(1, 100, ErrorMessage = "BulkUploads__MaxAttempts must be from 1 to 100.")]
    public int MaxAttempts { get; set; } = 12;

    internal IReadOnlyCollection<string> SourceHosts => Words(AllowedSourceHosts);

    internal IReadOnlyDictionary<string, BlobContainerSettings> UsedBlobContainers =>
        BlobContainers.Where(container => !container.Value.IsEmpty).ToDictionary(StringComparer.OrdinalIgnoreCase);

    internal IReadOnlyCollection<string> SourceBuckets => Words(OssSourceBuckets);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FileRoot is { Length: > 0 } && !Directory.Exists(FileRoot))
        {
            yield return new ValidationResult($"BulkUploads__FileRoot is '{FileRoot}': there is no such folder.");
        }

        if (SourceHosts.FirstOrDefault(host => !Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri) || uri.Authority != host) is { } wrong)
        {
            yield return new ValidationResult($"BulkUploads__AllowedSourceHosts has '{wrong}': expected host or host:port, in lower case, without scheme, pattern or default port.");
        }

        foreach (var (name, container) in UsedBlobContainers)
        {
            if (!BlobContainerSettings.IsName(name))
            {
                yield return new ValidationResult($"BulkUploads__BlobContainers__{name} is no name of a container of ours: expected 1 to 64 of A-Z a-z 0-9 - _.");
            }
            else if (container.Refuse() is var (member, reason))
            {
                yield return new ValidationResult($"BulkUploads__BlobContainers__{name}__{member} {reason}");
            }
        }

        if (SourceBuckets.FirstOrDefault(bucket => !ObjectKey.IsValidBucket(bucket)) is { } noBucket)
        {
            yield return new ValidationResult($"BulkUploads__OssSourceBuckets has '{noBucket}': expected names of buckets, separated by ';'.");
        }

        if (SliceBudget < TimeSpan.FromSeconds(1) || SliceBudget > TimeSpan.FromHours(1))
        {
            yield return new ValidationResult($"BulkUploads__SliceBudget is {SliceBudget}: expected 00:00:01 to 01:00:00.");
        }
    }

    private static string[] Words(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
