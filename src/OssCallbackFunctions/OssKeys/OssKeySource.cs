using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.OssKeys;

/// <summary>Decides by the settings where the keys that sign for OSS come from, and tells what is to be known of them: never a secret.</summary>
public sealed class OssKeySource
{
    private const int ShownOfId = 4;
    private const int LongestReason = 300;

    private readonly OssKeyOptions _options;
    private readonly RenewedSigners? _renewed;

    /// <summary>The source that the options name; nothing is called yet.</summary>
    public OssKeySource(IOptions<OssKeyOptions> options, IOptions<OssOptions> oss, TimeProvider clock, Jitter jitter, OssKeyMetrics metrics)
    {
        _options = options.Value;
        var region = oss.Value.Region;
        if (Mode == OssKeyMode.Key)
        {
            Signers = new V4Signer(_options.AccessKey, region);
            return;
        }

        var endpoint = _options.StsEndpoint.Length > 0 ? _options.StsEndpoint : $"sts.{region}.aliyuncs.com";
        var sts = new StsClient(OutboundHttp.Client(), endpoint, Mode == OssKeyMode.AssumeRole ? _options.AccessKey : null, clock);
        var lend = Lender(sts);
        Signers = _renewed = new RenewedSigners(token => metrics.MeasureAsync(() => lend(token)), region, _options.RoleDuration, clock, () => jitter());
    }

    /// <summary>Where the keys come from.</summary>
    public OssKeyMode Mode => _options.Mode;

    /// <summary>The role whose keys they are; null: the key is used as it is.</summary>
    public string? Role => Mode == OssKeyMode.Key ? null : _options.RoleArn;

    /// <summary>Present key: the last letters of its id; null: there is none.</summary>
    public string? KeyIdEnding => Present?.AccessKey.Id is { } id ? id[Math.Max(0, id.Length - ShownOfId)..] : null;

    /// <summary>When the present key ends; null: there is none, or it does not end, or nobody knows.</summary>
    public DateTimeOffset? Expires => Present?.Expires;

    /// <summary>Why the last attempt brought no key; null: it did.</summary>
    public string? LastError => _renewed?.LastFailure is not { Exception: var e } ? null : e.Message.Length > LongestReason ? e.Message[..LongestReason] : e.Message;

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt => _renewed?.LastFailure?.At;

    internal ISignerSource Signers { get; }

    private V4Signer? Present => _renewed is null ? (V4Signer)Signers : _renewed.Present;

    private Func<CancellationToken, Task<TemporaryCredentials>> Lender(StsClient sts)
    {
        var role = _options.RoleRequest;
        if (Mode == OssKeyMode.AssumeRole)
        {
            return token => sts.AssumeRoleAsync(role, token);
        }

        var proof = Mode == OssKeyMode.TokenFile ? IdentityTokens.InFile(_options.OidcTokenFile) : IdentityTokens.OfManagedIdentity(_options.OidcAudience, _options.OidcClientId);
        return async token => await sts.AssumeRoleWithOidcAsync(role, _options.OidcProviderArn, await proof(token), token);
    }
}
