using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Oss.Protocol;

namespace OssCallbackFunctions.OssKeys;

/// <summary>The key that signs for OSS, or the role that keys are had of. Which of them is meant follows from what is set; what does not go together stops the start.</summary>
public sealed class OssKeyOptions : IValidatableObject
{
    /// <summary>From <c>OSS_ACCESS_KEY_ID</c>.</summary>
    public string AccessKeyId { get; set; } = "";

    /// <summary>From <c>OSS_ACCESS_KEY_SECRET</c>.</summary>
    public string AccessKeySecret { get; set; } = "";

    /// <summary>From <c>OSS_SESSION_TOKEN</c>; only for temporary keys.</summary>
    public string SessionToken { get; set; } = "";

    /// <summary><c>acs:ram::ACCOUNT:role/NAME</c>: the role whose keys sign.</summary>
    public string RoleArn { get; set; } = "";

    /// <summary><c>acs:ram::ACCOUNT:oidc-provider/NAME</c>: RAM's entry of who issues the tokens.</summary>
    public string OidcProviderArn { get; set; } = "";

    /// <summary>Whom the managed identity's token is for: application id URI of an Entra app registration, or its client id.</summary>
    public string OidcAudience { get; set; } = "";

    /// <summary>Client id of a user-assigned identity; empty: the system-assigned one.</summary>
    public string OidcClientId { get; set; } = "";

    /// <summary>File with a token, read for each key.</summary>
    public string OidcTokenFile { get; set; } = "";

    /// <summary>Endpoint of STS; empty: the region's.</summary>
    public string StsEndpoint { get; set; } = "";

    /// <summary>What the app's sessions are called in logs of Alibaba Cloud.</summary>
    public string RoleSessionName { get; set; } = "oss-callback-functions";

    /// <summary>Life of the role's keys, 15 minutes to 12 hours, and no longer than the role allows.</summary>
    [Range(typeof(TimeSpan), "00:15:00", "12:00:00", ParseLimitsInInvariantCulture = true, ErrorMessage = "Oss__RoleDuration must be 00:15:00 to 12:00:00.")]
    public TimeSpan RoleDuration { get; set; } = TimeSpan.FromHours(1);

    internal OssKeyMode Mode =>
        OidcTokenFile.Length > 0 ? OssKeyMode.TokenFile
        : OidcAudience.Length > 0 ? OssKeyMode.ManagedIdentity
        : RoleArn.Length > 0 ? OssKeyMode.AssumeRole
        : OssKeyMode.Key;

    internal AccessKey AccessKey => new(AccessKeyId, AccessKeySecret, SessionToken.Length == 0 ? null : SessionToken);

    internal AssumeRoleRequest RoleRequest => new(RoleArn, RoleSessionName) { Duration = RoleDuration };

    private bool HasKey => AccessKeyId.Length > 0 || AccessKeySecret.Length > 0 || SessionToken.Length > 0;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        new[] { RefuseMix(), RefuseKey(), RefuseRole(), RefuseToken(), RefuseSts() }.OfType<string>().Select(message => new ValidationResult(message));

    /// <summary>Reads what has names of its own. Those of Alibaba Cloud's SDKs fill in what is not set, and only where neither a key nor an identity is.</summary>
    internal void ReadFrom(IConfiguration configuration)
    {
        AccessKeyId = configuration["OSS_ACCESS_KEY_ID"] ?? "";
        AccessKeySecret = configuration["OSS_ACCESS_KEY_SECRET"] ?? "";
        SessionToken = configuration["OSS_SESSION_TOKEN"] ?? "";
        if (!HasKey && OidcAudience.Length == 0 && OidcClientId.Length == 0)
        {
            RoleArn = Or(RoleArn, "ALIBABA_CLOUD_ROLE_ARN");
            OidcProviderArn = Or(OidcProviderArn, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN");
            OidcTokenFile = Or(OidcTokenFile, "ALIBABA_CLOUD_OIDC_TOKEN_FILE");
        }

        string Or(string value, string name) => value.Length > 0 ? value : configuration[name] ?? "";
    }

    private (string Name, string Value)[] OfTokens =>
        [("Oss__OidcTokenFile", OidcTokenFile), ("Oss__OidcAudience", OidcAudience), ("Oss__OidcClientId", OidcClientId), ("Oss__OidcProviderArn", OidcProviderArn)];

    private string? RefuseMix() =>
        OfTokens.FirstOrDefault(setting => setting.Value.Length > 0) is not { Name: { } token } ? null
        : HasKey ? $"OSS_ACCESS_KEY_ID and {token} are both set, or parts of them: take the key or the token."
        : OidcTokenFile.Length > 0 && (OidcAudience.Length > 0 || OidcClientId.Length > 0) ? "Oss__OidcTokenFile and Oss__OidcAudience or Oss__OidcClientId are both set: take the file or the managed identity."
        : null;

    private string? RefuseKey() =>
        OfTokens.Any(setting => setting.Value.Length > 0) ? null
        : AccessKeyId.Length == 0
            ? "OSS_ACCESS_KEY_ID is missing: the id of the AccessKey to sign with; or, without a long-lived key, Oss__RoleArn, Oss__OidcProviderArn and either Oss__OidcAudience or Oss__OidcTokenFile."
        : AccessKeySecret.Length == 0 ? "OSS_ACCESS_KEY_SECRET is missing: the secret of the AccessKey to sign with."
        : null;

    private string? RefuseRole() =>
        RoleArn.Length > 0 && !AssumeRoleRequest.IsRole(RoleArn) ? $"Oss__RoleArn is '{RoleArn}': expected acs:ram::ACCOUNT:role/NAME."
        : !AssumeRoleRequest.IsSessionName(RoleSessionName) ? $"Oss__RoleSessionName is '{RoleSessionName}': expected 2 to 64 letters, digits, '.', '@', '-' or '_'."
        : SessionToken.Length > 0 && RoleArn.Length > 0 && RoleDuration > TimeSpan.FromHours(1) ? "Oss__RoleDuration must not be more than 01:00:00: the role is assumed with a temporary key."
        : null;

    private string? RefuseToken() =>
        OfTokens.All(setting => setting.Value.Length == 0) ? null
        : RoleArn.Length == 0 ? "Oss__RoleArn is missing: the RAM role whose keys the token is exchanged for."
        : OidcProviderArn.Length == 0 ? "Oss__OidcProviderArn is missing: RAM's OIDC provider that vouches for the token."
        : !AssumeRoleRequest.IsOidcProvider(OidcProviderArn) ? $"Oss__OidcProviderArn is '{OidcProviderArn}': expected acs:ram::ACCOUNT:oidc-provider/NAME."
        : OidcTokenFile.Length == 0 && OidcAudience.Length == 0 ? "Oss__OidcAudience is missing: whom the managed identity's token is for; or Oss__OidcTokenFile, where the platform writes one."
        : OidcTokenFile.Length > 0 && !File.Exists(OidcTokenFile) ? $"Oss__OidcTokenFile is '{OidcTokenFile}': there is no such file."
        : null;

    private string? RefuseSts() =>
        StsEndpoint.Length > 0 && !OssEndpoint.TryParse(StsEndpoint, false, out _) ? $"Oss__StsEndpoint is '{StsEndpoint}': expected a host such as sts.cn-hangzhou.aliyuncs.com." : null;
}
