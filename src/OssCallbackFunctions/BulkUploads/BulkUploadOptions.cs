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

    /// <summary>Bytes of a part that OSS copies from another object; 100 KB to 5 GB.</summary>
    [Range(OssLimits.MinPartSize, OssLimits.MaxSimpleUploadSize, ErrorMessage = "BulkUploads__CopyPartSize must be from 102400 to 5368709120 bytes.")]
    public long CopyPartSize { get; set; } = 512 * 1024 * 1024;

    /// <summary>Messages of a job that are under way at a time, over all instances: lanes of pages, and for each large object lanes of parts.</summary>
    [Range(1, 256, ErrorMessage = "BulkUploads__Lanes must be from 1 to 256.")]
    public int Lanes { get; set; } = 16;

    /// <summary>Objects of a job that are under way at a time, over all instances, unless the job says.</summary>
    [Range(1, 1000, ErrorMessage = "BulkUploads__ObjectsInFlight must be from 1 to 1000.")]
    public int ObjectsInFlight { get; set; } = 64;

    /// <summary>Parts of one slice that are sent at a time.</summary>
    [Range(1, 64, ErrorMessage = "BulkUploads__PartsInParallel must be from 1 to 64.")]
    public int PartsInParallel { get; set; } = 2;

    /// <summary>Time after which a message begins no more parts or objects and hands the rest on; well below the host's functionTimeout.</summary>
    public TimeSpan SliceBudget { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Attempts at a step, with pauses that grow from 5 s to 10 min, before its object fails; 12 take the better part of an hour.</summary>
    [Range(1, 100, ErrorMessage = "BulkUploads__MaxAttempts must be from 1 to 100.")]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>Largest source in bytes whose md5 or sha256 is checked: it is read once more for it, within one message.</summary>
    [Range(0, OssLimits.MaxObjectSize, ErrorMessage = "BulkUploads__MaxHashedSize must be from 0 to 53687091200000 bytes.")]
    public long MaxHashedSize { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Whether there is anything that a job can be made of.</summary>
    internal bool HasSources => FileRoot is { Length: > 0 } || SourceHosts.Count > 0 || UsedBlobContainers.Count > 0 || SourceBuckets.Count > 0;

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
