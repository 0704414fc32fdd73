using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Lends temporary keys of the role in the options, that can upload to one key, or below one prefix.</summary>
public sealed class TemporaryKeys
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly UploadCredentialIssuer _issuer;
    private readonly CallbackAddress _callbacks;
    private readonly OssEndpoint _endpoint;
    private readonly ISignerSource _signers;
    private readonly string _region;
    private readonly StsOptions _options;
    private readonly StsClient? _sts;
    private readonly TemporaryCredentialsCache? _cache;

    /// <summary>Keys of the role in the options; nothing is called yet.</summary>
    public TemporaryKeys(
        UploadCredentialIssuer issuer, CallbackAddress callbacks, OssEndpoint endpoint, ISignerSource signers, TimeProvider clock, IOptions<StsOptions> options, IOptions<OssOptions> oss)
    {
        _issuer = issuer;
        _callbacks = callbacks;
        _endpoint = endpoint;
        _signers = signers;
        _region = oss.Value.Region;
        _options = options.Value;
        _sts = _options.IsSet ? new StsClient(OutboundHttp.Client(), _options.Endpoint!, caller: null, clock) : null;
        _cache = _sts is null ? null : new TemporaryCredentialsCache(AssumeAsync, clock);
    }

    /// <summary>
    /// Lends a key. For one object it comes with the callback to send; below a prefix objects have no grants, so that no callback is sent and nobody is told of them.
    /// </summary>
    internal async Task<Outcome<LentKey>> LendAsync(UploadOrder order, CancellationToken cancellationToken)
    {
        var profile = order.Profile;
        if (profile.Sts == StsScope.None || _sts is null || _cache is null)
        {
            return Problem.InvalidKind.With($"Profile '{profile.Name}' lends no temporary keys.");
        }

        var prefix = profile.Sts == StsScope.Prefix ? profile.KeyTemplate!.Prefix(order.Subject) : null;
        string policy;
        try
        {
            policy = prefix is null ? SessionPolicy.ForKey(profile.Bucket, order.Key) : SessionPolicy.ForPrefix(profile.Bucket, prefix);
        }
        catch (ArgumentException e)
        {
            return Problem.InvalidKey.With(e.Message);
        }

        var asked = new AssumeRoleRequest(_options.RoleArn!, _options.SessionName) { Duration = Life(_issuer.Lifetime(profile)), Policy = policy };
        // No two objects have the same policy: only keys for prefixes are worth keeping.
        var lent = prefix is null ? await AssumeAsync(asked, cancellationToken) : await _cache.GetAsync(asked, cancellationToken);
        var key = new LentKey(
            order.Id, profile.Bucket, prefix is null ? order.Key : null, prefix, _region, _endpoint.ToString(), lent.Key.Id, lent.Key.Secret, lent.Key.SecurityToken!, lent.Expiration);
        return prefix is null ? WithCallback(key, order) : key;
    }

    // The caller's own key may be a temporary one that ended meanwhile.
    private async Task<TemporaryCredentials> AssumeAsync(AssumeRoleRequest asked, CancellationToken cancellationToken)
    {
        var signer = await _signers.CurrentAsync(cancellationToken);
        try
        {
            return await _sts!.AssumeRoleAsync(asked, signer.AccessKey, cancellationToken);
        }
        catch (StsException e) when (OssRetry.IsRefusedKey(e.Error) && _signers.Refuse(signer))
        {
            var other = await _signers.CurrentAsync(cancellationToken);
            return await _sts!.AssumeRoleAsync(asked, other.AccessKey, cancellationToken);
        }
    }

    private LentKey WithCallback(LentKey key, UploadOrder order)
    {
        var grant = _issuer.Grant(order) is var usual && usual.Expires < key.Expires ? usual with { Expires = key.Expires } : usual;
        var callback = _callbacks.For(grant, order.Profile.Bucket, order.Key);
        return key with
        {
            Headers = new OrderedDictionary<string, string>(UploadTerms.Headers(order)) { ["x-oss-callback"] = callback.ToBase64() },
            Callback = new LentCallback(string.Join(';', callback.Urls), callback.Body, "application/json", callback.Sni),
            // The key binds no header: its holder may leave out the one that forbids to replace.
            Entry = UploadCredentialIssuer.Entry(order, grant, key.Expires) with { MayReplace = true },
        };
    }

    private static TimeSpan Life(TimeSpan lifetime) => lifetime < AssumeRoleRequest.MinDuration ? AssumeRoleRequest.MinDuration : lifetime > LongestLife ? LongestLife : lifetime;
}
