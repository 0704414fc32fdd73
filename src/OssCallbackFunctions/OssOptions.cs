using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions;

/// <summary>Where objects are stored.</summary>
public sealed class OssOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Oss";

    /// <summary>Region id such as <c>cn-hangzhou</c> (not <c>oss-cn-hangzhou</c>).</summary>
    [Required(ErrorMessage = "Oss__Region is missing: the bucket's region, such as cn-hangzhou.")]
    public string Region { get; set; } = "";

    /// <summary>Endpoint such as <c>https://oss-cn-hangzhou.aliyuncs.com</c>, without the bucket.</summary>
    [Required(ErrorMessage = "Oss__Endpoint is missing: the region's endpoint, such as https://oss-cn-hangzhou.aliyuncs.com.")]
    public string Endpoint { get; set; } = "";

    /// <summary>Bucket that everything is uploaded to.</summary>
    [Required(ErrorMessage = "Oss__Bucket is missing: the name of the bucket.")]
    public string Bucket { get; set; } = "";

    /// <summary>Whether the endpoint is a domain of the bucket itself (CNAME).</summary>
    public bool CustomDomain { get; set; }

    internal OssEndpoint ParsedEndpoint => OssEndpoint.Parse(Endpoint, CustomDomain);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Region.StartsWith("oss-", StringComparison.Ordinal))
        {
            yield return new ValidationResult($"Oss__Region is '{Region}': write the region id without 'oss-', such as cn-hangzhou.");
        }

        if (!OssEndpoint.TryParse(Endpoint, CustomDomain, out _))
        {
            yield return new ValidationResult($"Oss__Endpoint is '{Endpoint}': expected a host such as oss-cn-hangzhou.aliyuncs.com, or http(s)://host[:port], without a path.");
        }

        if (!ObjectKey.IsValidBucket(Bucket))
        {
            yield return new ValidationResult($"Oss__Bucket is '{Bucket}': expected 3 to 63 of a-z, 0-9 and hyphen.");
        }
    }
}
