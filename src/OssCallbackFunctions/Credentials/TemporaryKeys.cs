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
    private readonly V4Signer _signer;
    private readonly StsOptions _options;
    private readonly StsClient? _sts;
    private readonly TemporaryCredentialsCache? _cache;

    /// <summary>Keys of the role in the options; nothing is called yet.</summary>
    public TemporaryKeys(
        UploadCredentialIssuer issuer, CallbackAddress callbacks, OssEndpoint endpoint, V4Signer signer, TimeProvider clock, IOptions<StsOptions> options)
    {
        _issuer = issuer;
        _callbacks = callbacks;
        _endpoint = endpoint;
        _signer = signer;
        _options = options.Value;
        _sts = _options.IsSet ? new StsClient(OutboundHttp.Client(), _options.Endpoint!, signer.AccessKey, clock) : null;
        _cache = _sts is null ? null : new TemporaryCredentialsCache(_sts.AssumeRoleAsync, clock);
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
        var lent = prefix is null ? await _sts.AssumeRoleAsync(asked, cancellationToken) : await _cache.GetAsync(asked, cancellationToken);
        var key = new LentKey(
            order.Id, profile.Bucket, prefix is null ? order.Key : null, prefix, _signer.Region, _endpoint.ToString(), lent.Key.Id, lent.Key.Secret, lent.Key.SecurityToken!, lent.Expiration);
        return prefix is null ? WithCallback(key, order) : key;
    }

    private LentKey WithCallback(LentKey key, UploadOrder order)
    {
        var grant = _issuer.Grant(order) is var usual && usual.Expires < key.Expires ? usual with { Expires = key.Expires } : usual;
        var callback = _callbacks.For(grant, order.Profile.Bucket, order.Key);
        return key with
        {
            Headers = new OrderedDictionary<string, string>(UploadTerms.Headers(order)) { ["x-oss-callback"] = callback.ToBase64() },
            Callback = new LentCallback(string.Join(';', callback.Urls), callback.Body, "application/json", callback.Sni),
            Entry = UploadCredentialIssuer.Entry(order, grant),
        };
    }

    private static TimeSpan Life(TimeSpan lifetime) => lifetime < AssumeRoleRequest.MinDuration ? AssumeRoleRequest.MinDuration : lifetime > LongestLife ? LongestLife : lifetime;
}
