using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Decides what is lent: key, size, type and lifetime, each bound by the signature, and a callback that the uploader cannot take off.</summary>
public sealed class UploadCredentialIssuer
{
    private readonly UploadProfiles _profiles;
    private readonly TimeSpan _maxUploadTime;
    private readonly ISignerSource _signers;
    private readonly OssEndpoint _endpoint;
    private readonly CallbackAddress _callbacks;
    private readonly TimeProvider _clock;
    private readonly UploadIds _ids;

    /// <summary>An issuer for the profiles in the options.</summary>
    public UploadCredentialIssuer(
        IOptions<UploadOptions> options, IOptions<OssOptions> oss, ISignerSource signers, OssEndpoint endpoint, CallbackAddress callbacks, TimeProvider clock, UploadIds ids)
    {
        _profiles = new UploadProfiles(options, oss);
        _maxUploadTime = options.Value.MaxUploadTime;
        _signers = signers;
        _endpoint = endpoint;
        _callbacks = callbacks;
        _clock = clock;
        _ids = ids;
    }

    /// <summary>Lends a presigned PUT URL.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="cancellationToken">Ends the waiting for a key to sign with.</param>
    public async Task<Outcome<PresignedPut>> PresignPutAsync(UploadCredentialRequest asked, string? caller = null, CancellationToken cancellationToken = default)
    {
        var outcome = Order(asked, caller);
        return outcome.Value is { } order ? await PutOfAsync(order, asked.Callback, cancellationToken) : outcome.Problem!;
    }

    /// <summary>Lends a PostObject form.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="cancellationToken">Ends the waiting for a key to sign with.</param>
    public async Task<Outcome<FormPost>> SignFormAsync(UploadCredentialRequest asked, string? caller = null, CancellationToken cancellationToken = default)
    {
        var outcome = Order(asked, caller);
        return outcome.Value is { } order ? await FormOfAsync(order, cancellationToken: cancellationToken) : outcome.Problem!;
    }

    /// <summary>What is to be lent, before its kind is known.</summary>
    internal Outcome<UploadOrder> Order(UploadCredentialRequest asked, string? caller) => UploadOrder.Of(asked, caller, _profiles, NewId(asked), _clock.GetUtcNow());

    /// <summary>The same order again: a request that was granted before makes the same key under the same id and time.</summary>
    internal Outcome<UploadOrder> Order(UploadCredentialRequest asked, string? caller, string id, DateTimeOffset issued) => UploadOrder.Of(asked, caller, _profiles, id, issued);

    // Before the order is made, since the key has the id in it.
    private string NewId(UploadCredentialRequest asked)
    {
        var now = _clock.GetUtcNow();
        return _ids.New(now, GrantExpires(now, FindProfile(asked.Profile)));
    }

    /// <summary>Why no session for many files can be granted; null: it can.</summary>
    internal Problem? RefuseMany(UploadCredentialRequest asked, string? caller) => UploadOrder.RefuseMany(asked, caller, _profiles);

    /// <summary>Lends a presigned PUT URL for an order.</summary>
    internal async Task<Outcome<PresignedPut>> PutOfAsync(UploadOrder order, CallbackPlace place, CancellationToken cancellationToken)
    {
        var profile = order.Profile;
        if (order.Size is null && (profile.MaxSize < OssLimits.MaxSimpleUploadSize || profile.MinSize > 0))
        {
            return Problem.InvalidSize.With(
                $"A presigned PUT can be bound to an exact size only, and {profile.MinSize} to {profile.MaxSize} bytes are allowed: name the size, or take a form.");
        }

        if (order.Size > OssLimits.MaxSimpleUploadSize)
        {
            return TooLarge;
        }

        var request = new OssRequest("PUT", profile.Bucket, order.Key)
        {
            // Without a signed length a presigned PUT takes up to 5 GB; clients send the length by themselves.
            AdditionalHeaders = [.. order.Size is null ? Array.Empty<string>() : ["content-length"], .. profile.ContentDisposition is null ? Array.Empty<string>() : ["content-disposition"]],
        };
        UploadTerms.WriteTo(request, order);
        var grant = Grant(order);
        var callback = _callbacks.For(grant, profile.Bucket, order.Key).ToBase64();
        if (place == CallbackPlace.Header)
        {
            request.Headers["x-oss-callback"] = callback;
        }
        else
        {
            request.With("callback", callback);
        }

        var signer = await _signers.CurrentAsync(cancellationToken);
        var presigned = signer.Presign(request, _endpoint, _clock.GetUtcNow(), Lifetime(order));
        return new PresignedPut(order.Id, profile.Bucket, order.Key, presigned.Method, presigned.Url, presigned.Headers, presigned.Expires) { Entry = Entry(order, grant, presigned.Expires), MaxBytes = MaxBytes(order) };
    }

    /// <summary>Lends a PostObject form for an order.</summary>
    /// <param name="order">What is lent.</param>
    /// <param name="pinsRedirect">Whether the form has a redirect, pinned as none. Without it an uploader who adds one leads nobody but himself.</param>
    /// <param name="cancellationToken">Ends the waiting for a key to sign with.</param>
    internal async Task<Outcome<FormPost>> FormOfAsync(UploadOrder order, bool pinsRedirect = true, CancellationToken cancellationToken = default)
    {
        if (RefuseForm(order) is { } refusal)
        {
            return refusal;
        }

        var (grant, bucket) = (Grant(order), order.Profile.Bucket);
        var fields = UploadTerms.Fields(order, _callbacks.For(grant, bucket, order.Key).ToBase64());
        if (!pinsRedirect)
        {
            fields.RemoveAll(field => field.Key == UploadTerms.Redirect);
        }

        var form = Sign(await _signers.CurrentAsync(cancellationToken), order, fields);
        return new FormPost(order.Id, bucket, order.Key, "POST", form.Url, new OrderedDictionary<string, string>(form.Fields), form.Expires) { Entry = Entry(order, grant, form.Expires), MaxBytes = MaxBytes(order) };
    }

    /// <summary>
    /// Our word that the order's upload is ours: valid for as long as it may begin, and may take, from when it was asked for. However often the order is lent again, its id is over at one time.
    /// </summary>
    internal UploadGrant Grant(UploadOrder order) => new(order.Id, order.Profile.Name, order.Subject, GrantExpires(order.Issued, order.Profile))
    {
        Variables = order.Variables,
        TraceParent = order.TraceParent,
    };

    /// <summary>The grant of an upload that was begun before.</summary>
    internal static UploadGrant Grant(string id, UploadProfile profile, UploadCredentialRequest asked, DateTimeOffset expires) => new(id, profile.Name, asked.Subject ?? "", expires)
    {
        Variables = UploadVariables.Of(asked.Variables, profile).Value is { Count: > 0 } variables ? variables : null,
        TraceParent = asked.TraceParent,
    };

    /// <summary>What is left in the ledger of an order whose credential is over at some time.</summary>
    internal static LedgerEntry Entry(UploadOrder order, UploadGrant grant, DateTimeOffset ends) =>
        LedgerEntry.Lent(grant, order.Profile.Bucket, order.Key, order.Issued, ends) with { MayReplace = !order.Profile.ForbidOverwrite };

    // What is signed for one request binds its size.
    private static long MaxBytes(UploadOrder order) => order.Size ?? Math.Min(order.Profile.MaxSize, OssLimits.MaxSimpleUploadSize);

    /// <summary>The profile of a request that was granted.</summary>
    internal UploadProfile? FindProfile(string? name) => _profiles.Find(name);

    private DateTimeOffset GrantExpires(DateTimeOffset issued, UploadProfile? profile) => issued + (profile is null ? TimeSpan.Zero : Lifetime(profile)) + _maxUploadTime;

    // An order that is lent again has less time than the first time, at least a second.
    private TimeSpan Lifetime(UploadOrder order)
    {
        var (left, usual) = (GrantExpires(order.Issued, order.Profile) - _clock.GetUtcNow(), Lifetime(order.Profile));
        return left < usual ? TimeSpan.FromSeconds(Math.Max(1, Math.Floor(left.TotalSeconds))) : usual;
    }

    /// <summary>Time in which an upload of a profile may begin. The end of the key that signs may cut it; grants do not go by that, so that another key can sign again.</summary>
    internal TimeSpan Lifetime(UploadProfile profile) =>
        profile.Lifetime < _signers.LongestLife ? profile.Lifetime : _signers.LongestLife;

    private static Problem TooLarge => Problem.InvalidSize.With($"One request carries at most {OssLimits.MaxSimpleUploadSize} bytes: take a multipart upload.");

    /// <summary>Lends a form in the shape of Alibaba Cloud's samples, where the profile says so.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="cancellationToken">Ends the waiting for a key to sign with.</param>
    public async Task<Outcome<FormPolicy>> SignFormPolicyAsync(UploadCredentialRequest asked, string? caller = null, CancellationToken cancellationToken = default)
    {
        var outcome = Order(asked, caller);
        if (outcome.Value is not { } order)
        {
            return outcome.Problem!;
        }

        var profile = order.Profile;
        if (!profile.AlibabaForm)
        {
            return Problem.InvalidKind.With($"Profile '{profile.Name}' lends no forms of this shape, in which content type and ACL are not pinned: set AlibabaForm, or take a form.");
        }

        if (RefuseForm(order) is { } refusal)
        {
            return refusal;
        }

        var grant = Grant(order);
        var callback = _callbacks.For(grant, profile.Bucket, order.Key).ToBase64();
        var signer = await _signers.CurrentAsync(cancellationToken);
        var form = Sign(signer, order, [new("key", order.Key), new("callback", callback)]);
        var fields = form.Fields.ToDictionary();
        var slash = order.Key.LastIndexOf('/') + 1;
        return new FormPolicy(
            signer.AccessKey.Id, form.Url.TrimEnd('/'), fields["policy"], fields["x-oss-signature"], form.Expires.ToUnixTimeSeconds(), order.Key[..slash], callback, order.Key[slash..],
            fields["x-oss-signature-version"], fields["x-oss-credential"], fields["x-oss-date"], fields.GetValueOrDefault("x-oss-security-token"), order.Id)
        {
            // Its clients send no field that forbids to replace.
            Entry = Entry(order, grant, form.Expires) with { MayReplace = true },
            MaxBytes = MaxBytes(order),
        };
    }

    private static Problem? RefuseForm(UploadOrder order) =>
        order.Key.Contains("${filename}", StringComparison.Ordinal) ? Problem.InvalidKey.With("In a form OSS replaces ${filename} by the file's name, so that the key would not be the one granted.")
        : order.Md5 is not null ? Problem.InvalidChecksum.With("A form cannot be bound to an MD5: take a presigned PUT.")
        : order.Size > OssLimits.MaxSimpleUploadSize || order.Profile.MinSize > OssLimits.MaxSimpleUploadSize ? TooLarge
        : null;

    private PostForm Sign(V4Signer signer, UploadOrder order, List<KeyValuePair<string, string>> fields)
    {
        var profile = order.Profile;
        var (least, most) = (order.Size ?? profile.MinSize, MaxBytes(order));
        return PostForm.Sign(signer, _endpoint, profile.Bucket, fields, least, most, _clock.GetUtcNow(), Lifetime(order));
    }
}
