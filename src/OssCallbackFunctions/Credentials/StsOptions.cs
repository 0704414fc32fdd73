using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions.Credentials;

/// <summary>The role that temporary keys are lent of. Only for profiles with <c>Sts</c>.</summary>
public sealed class StsOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sts";

    /// <summary>Endpoint of the region's STS, such as <c>sts.cn-hangzhou.aliyuncs.com</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary><c>acs:ram::ACCOUNT:role/NAME</c>: a role that the app's AccessKey may assume, and that may put objects into the profiles' buckets.</summary>
    public string? RoleArn { get; set; }

    /// <summary>What sessions are called in OSS's logs.</summary>
    public string SessionName { get; set; } = "oss-callback-functions";

    internal bool IsSet => !string.IsNullOrEmpty(Endpoint) && !string.IsNullOrEmpty(RoleArn);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Endpoint) && !OssEndpoint.TryParse(Endpoint, false, out _))
        {
            yield return new ValidationResult($"Sts__Endpoint is '{Endpoint}': expected a host such as sts.cn-hangzhou.aliyuncs.com.");
        }

        if (!string.IsNullOrEmpty(RoleArn) && !AssumeRoleRequest.IsRole(RoleArn))
        {
            yield return new ValidationResult($"Sts__RoleArn is '{RoleArn}': expected acs:ram::ACCOUNT:role/NAME.");
        }

        if (!AssumeRoleRequest.IsSessionName(SessionName))
        {
            yield return new ValidationResult($"Sts__SessionName is '{SessionName}': expected 2 to 64 letters, digits, '.', '@', '-' or '_'.");
        }
    }
}
