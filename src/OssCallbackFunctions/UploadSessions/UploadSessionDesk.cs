using Microsoft.Extensions.Options;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>Grants upload sessions and takes their tokens back.</summary>
public sealed class UploadSessionDesk(
    UploadCredentialIssuer issuer, Seals seals, TimeProvider clock, NewId newId, IOptions<UploadOptions> options, IOptions<CallbackAddressOptions> address)
{
    /// <summary>Route of what is below a capability URL, without the prefix.</summary>
    public const string Route = "u/";

    private const string Purpose = "upload-session";

    private readonly Uri _base = address.Value.BaseUris[0];

    /// <summary>A session for the one file of an order.</summary>
    internal UploadSession ForOne(UploadOrder order, UploadCredentialRequest asked, string? caller) =>
        new(order.Id, order.Issued, issuer.Grant(order).Expires, caller, false, asked with { Kind = null, Callback = CallbackPlace.Query });

    /// <summary>A session for any number of files of a profile, which has to give each a key of its own.</summary>
    internal Outcome<UploadSession> ForMany(UploadCredentialRequest asked, string? caller)
    {
        var now = clock.GetUtcNow();
        if (asked.Key is not null || asked.FileName is not null || asked.Size is not null || asked.Md5 is not null || asked.ContentType is not null)
        {
            return Problem.InvalidKind.With("A session is for any files of its profile: key, fileName, contentType, size and md5 belong to one file.");
        }

        return issuer.RefuseMany(asked, caller) is { } refusal
            ? refusal
            : new UploadSession(newId(), now, now + options.Value.SessionLifetime, caller, true, asked with { Kind = null, Callback = CallbackPlace.Query });
    }

    /// <summary>The URL that a browser is given.</summary>
    internal string Url(UploadSession session) => new Uri(_base, $"api/{Route}{seals.Seal(Purpose, session.ToBytes())}").AbsoluteUri;

    /// <summary>The session of a token in the path.</summary>
    internal Outcome<UploadSession> Open(string token) =>
        seals.Open(Purpose, token) is { } bytes && UploadSession.Parse(bytes) is { } session ? session : Problem.SessionNotFound.With("The URL is not one that this service gave out, or not all of it.");

    /// <summary>What an upload under the session is to be.</summary>
    /// <param name="session">The session.</param>
    /// <param name="fileName">The file's name as the browser tells it; one that the session has wins.</param>
    /// <param name="contentType">The file's type likewise; empty: not known.</param>
    internal Outcome<UploadOrder> Order(UploadSession session, string? fileName, string? contentType)
    {
        if (session.Expires <= clock.GetUtcNow())
        {
            return Problem.SessionExpired.With($"No upload begins after {session.Expires:O}: ask for a new session.");
        }

        var asked = session.Asked with
        {
            FileName = session.Asked.FileName ?? fileName,
            ContentType = session.Asked.ContentType ?? (string.IsNullOrEmpty(contentType) ? null : contentType),
        };
        return session.HasManyFiles ? issuer.Order(asked, session.Caller) : issuer.Order(asked, session.Caller, session.Id, session.Issued);
    }
}
