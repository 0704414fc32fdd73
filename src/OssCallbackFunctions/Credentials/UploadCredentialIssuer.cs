using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Decides what is lent: key, size, type and lifetime, each bound by the signature, and a callback that the uploader cannot take off.</summary>
public sealed class UploadCredentialIssuer
{
    private const string Profile = "default";
    private const int MaxSubjectBytes = 128;

    private readonly UploadOptions _options;
    private readonly string _bucket;
    private readonly V4Signer _signer;
    private readonly OssEndpoint _endpoint;
    private readonly CallbackAddress _callbacks;
    private readonly TimeProvider _clock;
    private readonly NewId _newId;

    /// <summary>An issuer for the bucket in the options.</summary>
    public UploadCredentialIssuer(
        IOptions<UploadOptions> options, IOptions<OssOptions> oss, V4Signer signer, OssEndpoint endpoint, CallbackAddress callbacks, TimeProvider clock, NewId newId)
    {
        _options = options.Value;
        _bucket = oss.Value.Bucket;
        _signer = signer;
        _endpoint = endpoint;
        _callbacks = callbacks;
        _clock = clock;
        _newId = newId;
    }

    /// <summary>Lends a presigned PUT URL.</summary>
    public Outcome<PresignedPut> PresignPut(UploadCredentialRequest asked)
    {
        if (Refuse(asked) is { } problem)
        {
            return problem;
        }

        if (asked.Size is null && _options.MaxSize < OssLimits.MaxSimpleUploadSize)
        {
            return Problem.InvalidSize.With($"A presigned PUT can be bound to an exact size only, and at most {_options.MaxSize} bytes are allowed: name the size, or take a form.");
        }

        var now = _clock.GetUtcNow();
        var grant = Grant(asked, now);
        var request = new OssRequest("PUT", _bucket, asked.Key)
        {
            // Without a signed length a presigned PUT takes up to 5 GB; clients send the length by themselves.
            AdditionalHeaders = asked.Size is null ? [] : ["content-length"],
        };
        request.Headers["Content-Type"] = asked.ContentType ?? ContentType.Default;
        if (asked.Size is { } size)
        {
            request.Headers["Content-Length"] = size.ToString(CultureInfo.InvariantCulture);
        }

        if (_options.ForbidOverwrite)
        {
            request.Headers["x-oss-forbid-overwrite"] = "true";
        }

        var callback = _callbacks.For(grant, _bucket, asked.Key!).ToBase64();
        if (asked.Callback == CallbackPlace.Header)
        {
            request.Headers["x-oss-callback"] = callback;
        }
        else
        {
            request.With("callback", callback);
        }

        var presigned = _signer.Presign(request, _endpoint, now, Lifetime);
        return new PresignedPut(grant.Id, presigned.Method, presigned.Url, presigned.Headers, presigned.Expires) { Entry = LedgerEntry.Lent(grant, _bucket, asked.Key!, now) };
    }

    /// <summary>Lends a PostObject form.</summary>
    public Outcome<FormPost> SignForm(UploadCredentialRequest asked)
    {
        if (Refuse(asked) is { } problem)
        {
            return problem;
        }

        if (asked.Key!.Contains("${filename}", StringComparison.Ordinal))
        {
            return Problem.InvalidKey.With("In a form OSS replaces ${filename} by the file's name, so that the key would not be the one granted.");
        }

        var now = _clock.GetUtcNow();
        var grant = Grant(asked, now);
        var fields = new List<KeyValuePair<string, string>>
        {
            new("key", asked.Key!),
            // Wins over the type that the browser gives the file.
            new("x-oss-content-type", asked.ContentType ?? ContentType.Default),
            new("success_action_status", "200"),
            new("callback", _callbacks.For(grant, _bucket, asked.Key!).ToBase64()),
        };
        if (_options.ForbidOverwrite)
        {
            fields.Add(new("x-oss-forbid-overwrite", "true"));
        }

        var form = PostForm.Sign(_signer, _endpoint, _bucket, fields, asked.Size ?? 0, asked.Size ?? _options.MaxSize, now, Lifetime);
        return new FormPost(grant.Id, "POST", form.Url, new OrderedDictionary<string, string>(form.Fields), form.Expires) { Entry = LedgerEntry.Lent(grant, _bucket, asked.Key!, now) };
    }

    private TimeSpan Lifetime =>
        _signer.AccessKey.IsTemporary && _options.Lifetime > OssLimits.MaxTemporaryPresignLifetime ? OssLimits.MaxTemporaryPresignLifetime : _options.Lifetime;

    private UploadGrant Grant(UploadCredentialRequest asked, DateTimeOffset now) =>
        new(_newId(), Profile, asked.Subject ?? "", now + Lifetime + _options.MaxUploadTime);

    private Problem? Refuse(UploadCredentialRequest asked) =>
        !ObjectKey.IsValid(asked.Key, out var reason) ? Problem.InvalidKey.With(reason)
        : asked.ContentType is not null && !ContentType.IsValid(asked.ContentType) ? Problem.InvalidContentType.With($"'{asked.ContentType}' is no media type such as image/png.")
        : asked.Size < 0 || asked.Size > _options.MaxSize ? Problem.InvalidSize.With($"The size must be from 0 to {_options.MaxSize} bytes.")
        : asked.Subject is { } subject && (Encoding.UTF8.GetByteCount(subject) > MaxSubjectBytes || subject.Any(char.IsControl))
            ? Problem.InvalidSubject.With($"The subject has at most {MaxSubjectBytes} bytes of UTF-8 and no control characters.")
        : null;
}
