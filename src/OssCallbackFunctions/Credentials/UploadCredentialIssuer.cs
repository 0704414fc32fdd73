using System.Globalization;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Decides what is lent: key, size, type and lifetime, each bound by the signature, and a callback that the uploader cannot take off.</summary>
public sealed class UploadCredentialIssuer
{
    private const string Redirect = "success_action_redirect";

    private readonly UploadProfiles _profiles;
    private readonly TimeSpan _maxUploadTime;
    private readonly V4Signer _signer;
    private readonly OssEndpoint _endpoint;
    private readonly CallbackAddress _callbacks;
    private readonly TimeProvider _clock;
    private readonly NewId _newId;

    /// <summary>An issuer for the profiles in the options.</summary>
    public UploadCredentialIssuer(
        IOptions<UploadOptions> options, IOptions<OssOptions> oss, V4Signer signer, OssEndpoint endpoint, CallbackAddress callbacks, TimeProvider clock, NewId newId)
    {
        _profiles = new UploadProfiles(options, oss);
        _maxUploadTime = options.Value.MaxUploadTime;
        _signer = signer;
        _endpoint = endpoint;
        _callbacks = callbacks;
        _clock = clock;
        _newId = newId;
    }

    /// <summary>Lends a presigned PUT URL.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    public Outcome<PresignedPut> PresignPut(UploadCredentialRequest asked, string? caller = null)
    {
        var outcome = Order(asked, caller);
        return outcome.Value is { } order ? PutOf(order, asked.Callback) : outcome.Problem!;
    }

    /// <summary>Lends a PostObject form.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    public Outcome<FormPost> SignForm(UploadCredentialRequest asked, string? caller = null)
    {
        var outcome = Order(asked, caller);
        return outcome.Value is { } order ? FormOf(order) : outcome.Problem!;
    }

    /// <summary>What is to be lent, before its kind is known.</summary>
    internal Outcome<UploadOrder> Order(UploadCredentialRequest asked, string? caller) => UploadOrder.Of(asked, caller, _profiles, _newId(), _clock.GetUtcNow());

    /// <summary>The same order again: a request that was granted before makes the same key under the same id and time.</summary>
    internal Outcome<UploadOrder> Order(UploadCredentialRequest asked, string? caller, string id, DateTimeOffset issued) => UploadOrder.Of(asked, caller, _profiles, id, issued);

    /// <summary>Why no session for many files can be granted; null: it can.</summary>
    internal Problem? RefuseMany(UploadCredentialRequest asked, string? caller) => UploadOrder.RefuseMany(asked, caller, _profiles);

    /// <summary>Lends a presigned PUT URL for an order.</summary>
    internal Outcome<PresignedPut> PutOf(UploadOrder order, CallbackPlace place)
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
        WriteHeaders(request, order);
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

        var presigned = _signer.Presign(request, _endpoint, _clock.GetUtcNow(), Lifetime(profile));
        return new PresignedPut(order.Id, profile.Bucket, order.Key, presigned.Method, presigned.Url, presigned.Headers, presigned.Expires) { Entry = Entry(order, grant) };
    }

    /// <summary>Lends a PostObject form for an order.</summary>
    /// <param name="order">What is lent.</param>
    /// <param name="pinsRedirect">Whether the form has a redirect, pinned as none. Without it an uploader who adds one leads nobody but himself.</param>
    internal Outcome<FormPost> FormOf(UploadOrder order, bool pinsRedirect = true)
    {
        if (order.Key.Contains("${filename}", StringComparison.Ordinal))
        {
            return Problem.InvalidKey.With("In a form OSS replaces ${filename} by the file's name, so that the key would not be the one granted.");
        }

        if (order.Md5 is not null)
        {
            return Problem.InvalidChecksum.With("A form cannot be bound to an MD5: take a presigned PUT.");
        }

        var profile = order.Profile;
        if (order.Size > OssLimits.MaxSimpleUploadSize || profile.MinSize > OssLimits.MaxSimpleUploadSize)
        {
            return TooLarge;
        }

        var grant = Grant(order);
        var fields = Fields(order, _callbacks.For(grant, profile.Bucket, order.Key).ToBase64());
        if (!pinsRedirect)
        {
            fields.RemoveAll(field => field.Key == Redirect);
        }

        var (least, most) = (order.Size ?? profile.MinSize, order.Size ?? Math.Min(profile.MaxSize, OssLimits.MaxSimpleUploadSize));
        var form = PostForm.Sign(_signer, _endpoint, profile.Bucket, fields, least, most, _clock.GetUtcNow(), Lifetime(profile));
        return new FormPost(order.Id, profile.Bucket, order.Key, "POST", form.Url, new OrderedDictionary<string, string>(form.Fields), form.Expires) { Entry = Entry(order, grant) };
    }

    /// <summary>Our word that the order's upload is ours: valid for as long as it may begin, and may take.</summary>
    internal UploadGrant Grant(UploadOrder order) => new(order.Id, order.Profile.Name, order.Subject, _clock.GetUtcNow() + Lifetime(order.Profile) + _maxUploadTime);

    /// <summary>What is left in the ledger of an order.</summary>
    internal static LedgerEntry Entry(UploadOrder order, UploadGrant grant) => LedgerEntry.Lent(grant, order.Profile.Bucket, order.Key, order.Issued);

    /// <summary>The profile of a request that was granted.</summary>
    internal UploadProfile? FindProfile(string? name) => _profiles.Find(name);

    /// <summary>Time in which an upload of a profile may begin.</summary>
    internal TimeSpan Lifetime(UploadProfile profile) =>
        _signer.AccessKey.IsTemporary && profile.Lifetime > OssLimits.MaxTemporaryPresignLifetime ? OssLimits.MaxTemporaryPresignLifetime : profile.Lifetime;

    private static Problem TooLarge => Problem.InvalidSize.With($"One request carries at most {OssLimits.MaxSimpleUploadSize} bytes: take a multipart upload.");

    // Whatever x-oss-* header the uploader adds to these makes the signature wrong.
    private static void WriteHeaders(OssRequest request, UploadOrder order)
    {
        var profile = order.Profile;
        request.Headers["Content-Type"] = order.ContentType;
        if (order.Size is { } size)
        {
            request.Headers["Content-Length"] = size.ToString(CultureInfo.InvariantCulture);
        }

        if (order.Md5 is { } md5)
        {
            request.Headers["Content-MD5"] = md5;
        }

        if (profile.ForbidOverwrite)
        {
            request.Headers["x-oss-forbid-overwrite"] = "true";
        }

        if (profile.ContentDisposition is { } disposition)
        {
            request.Headers["Content-Disposition"] = disposition;
        }

        if (profile.StorageClass != UploadProfile.UsualStorageClass)
        {
            request.Headers["x-oss-storage-class"] = profile.StorageClass;
        }

        if (profile.ObjectAcl != UploadProfile.AclOfBucket)
        {
            request.Headers["x-oss-object-acl"] = profile.ObjectAcl;
        }

        // In the URL: the uploader has nothing to add.
        if (profile.TrafficLimit is { } limit)
        {
            request.With("x-oss-traffic-limit", limit.ToString(CultureInfo.InvariantCulture));
        }
    }

    // OSS takes fields that no condition names: what would matter is there, and pinned, also where it is as usual.
    private static List<KeyValuePair<string, string>> Fields(UploadOrder order, string callback)
    {
        var profile = order.Profile;
        var fields = new List<KeyValuePair<string, string>>
        {
            new("key", order.Key),
            // Wins over the type that the browser gives the file.
            new("x-oss-content-type", order.ContentType),
            new("x-oss-object-acl", profile.ObjectAcl),
            new("x-oss-storage-class", profile.StorageClass),
            new("success_action_status", "200"),
            // Not left out: whoever adds one could lead the uploader anywhere.
            new(Redirect, ""),
            new("callback", callback),
        };
        if (profile.ForbidOverwrite)
        {
            fields.Add(new("x-oss-forbid-overwrite", "true"));
        }

        if (profile.ContentDisposition is { } disposition)
        {
            fields.Add(new("Content-Disposition", disposition));
        }

        if (profile.TrafficLimit is { } limit)
        {
            fields.Add(new("x-oss-traffic-limit", limit.ToString(CultureInfo.InvariantCulture)));
        }

        return fields;
    }
}
