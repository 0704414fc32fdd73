using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions.Credentials;

/// <summary>What credentials allow.</summary>
public sealed class UploadOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Uploads";

    /// <summary>Time in which an upload may begin; 1 s to 7 days (12 hours with a temporary key).</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Time that a begun upload may take: a callback is accepted until the credential's end plus this.</summary>
    public TimeSpan MaxUploadTime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Largest object in bytes, to 48.8 TB; beyond 5 GB, OSS's limit for one request, only multipart uploads go.</summary>
    [Range(1, OssLimits.MaxObjectSize, ErrorMessage = "Uploads__MaxSize must be from 1 to 53687091200000 bytes.")]
    public long MaxSize { get; set; } = OssLimits.MaxSimpleUploadSize;

    /// <summary>Size in bytes from which on an upload is multipart when the caller does not say its kind.</summary>
    [Range(1, OssLimits.MaxSimpleUploadSize, ErrorMessage = "Uploads__MultipartThreshold must be from 1 to 5368709120 bytes.")]
    public long MultipartThreshold { get; set; } = 100 * 1024 * 1024;

    /// <summary>Time in which uploads may begin through an upload session; 1 s to 7 days.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether a credential can create an object only, not replace one. Without effect in a bucket with versioning.</summary>
    public bool ForbidOverwrite { get; set; } = true;

    /// <summary>Profiles by name; each changes what it names. Without any there is <c>default</c>, which changes nothing.</summary>
    public Dictionary<string, UploadProfileOptions> Profiles { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Lifetime < TimeSpan.FromSeconds(1) || Lifetime > OssLimits.MaxPresignLifetime)
        {
            yield return new ValidationResult($"Uploads__Lifetime is {Lifetime}: expected 00:00:01 to 7.00:00:00.");
        }

        if (SessionLifetime < TimeSpan.FromSeconds(1) || SessionLifetime > TimeSpan.FromDays(7))
        {
            yield return new ValidationResult($"Uploads__SessionLifetime is {SessionLifetime}: expected 00:00:01 to 7.00:00:00.");
        }

        if (MaxUploadTime < TimeSpan.Zero || MaxUploadTime > TimeSpan.FromDays(7))
        {
            yield return new ValidationResult($"Uploads__MaxUploadTime is {MaxUploadTime}: expected 00:00:00 to 7.00:00:00.");
        }

        foreach (var fault in Profiles.SelectMany(profile => UploadProfile.Faults(profile.Key, profile.Value, this)))
        {
            yield return new ValidationResult(fault);
        }
    }
}
