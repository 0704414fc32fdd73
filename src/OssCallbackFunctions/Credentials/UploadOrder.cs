using System.Buffers;
using System.Text;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>What is to be lent: a caller's wishes, as far as the profile lets them.</summary>
/// <param name="Id">Id of the upload.</param>
/// <param name="Issued">When it was asked for.</param>
/// <param name="Profile">The terms.</param>
/// <param name="Key">Object key.</param>
/// <param name="ContentType">Content type that the uploader must send.</param>
/// <param name="Size">Exact size in bytes; null: what the profile allows.</param>
/// <param name="Md5">Base64 of the body's MD5, which OSS is to check; null: none.</param>
/// <param name="Subject">The end user, or "".</param>
internal sealed record UploadOrder(string Id, DateTimeOffset Issued, UploadProfile Profile, string Key, string ContentType, long? Size, string? Md5, string Subject)
{
    private const int MaxFileNameBytes = 1024;
    private const int Md5Bytes = 16;

    // OSS takes them, and answers in XML, which cannot have all of them; nor can headers.
    private static readonly SearchValues<char> NoXml = SearchValues.Create([.. Enumerable.Range(0, 0x100).Select(c => (char)c).Where(char.IsControl), '\uFFFE', '\uFFFF']);

    /// <summary>Trace context that the callback and the event belong to.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Variables to come back; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Checks a request against its profile, and makes the key.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="profiles">The profiles there are.</param>
    /// <param name="id">Id of the upload.</param>
    /// <param name="now">Time of asking.</param>
    public static Outcome<UploadOrder> Of(UploadCredentialRequest asked, string? caller, UploadProfiles profiles, string id, DateTimeOffset now)
    {
        var found = ProfileOf(asked, caller, profiles);
        if (found.Value is not { } profile)
        {
            return found.Problem!;
        }

        var type = asked.ContentType ?? OssCallbackFunctions.ContentType.Default;
        return (RefuseSubject(asked.Subject) ?? RefuseFile(asked, profile, type)) is { } refusal ? refusal
            : KeyOf(asked, profile, id, now) is var key && key.Problem is { } problem ? problem
            : UploadVariables.Of(asked.Variables, profile) is var variables && variables.Problem is { } invalid ? invalid
            : new UploadOrder(id, now, profile, key.Value!, type, asked.Size, asked.Md5, asked.Subject ?? "")
            {
                Variables = variables.Value is { Count: > 0 } some ? some : null,
                TraceParent = asked.TraceParent,
            };
    }

    /// <summary>Why a request for any number of files cannot be granted; null: it can.</summary>
    public static Problem? RefuseMany(UploadCredentialRequest asked, string? caller, UploadProfiles profiles)
    {
        var found = ProfileOf(asked, caller, profiles);
        return found.Value is not { } profile ? found.Problem
            : profile.KeyTemplate is not { IsUnique: true } ? Problem.InvalidKind.With($"A session needs a profile that gives each file a key of its own: '{profile.Name}' has no key template with {{id}}.")
            : RefuseSubject(asked.Subject) ?? UploadVariables.Of(asked.Variables, profile).Problem
                ?? (profile.KeyTemplate.NeedsSubject && string.IsNullOrEmpty(asked.Subject) ? NoSubject(profile) : null);
    }

    private static Outcome<UploadProfile> ProfileOf(UploadCredentialRequest asked, string? caller, UploadProfiles profiles) =>
        profiles.Find(asked.Profile) is not { } profile ? Problem.ProfileNotFound.With(asked.Profile is null ? $"Name a profile: there is none called '{UploadProfile.Default}'." : $"There is no profile '{asked.Profile}'.")
        : !profile.IsFor(caller)
            ? Problem.ProfileForbidden.With($"Profile '{profile.Name}' is not for {(caller is null ? $"callers without a key in {UploadCallers.Header}" : $"'{caller}'")}.")
        : profile;

    private static Problem? RefuseFile(UploadCredentialRequest asked, UploadProfile profile, string type) =>
        !OssCallbackFunctions.ContentType.IsValid(type) ? Problem.InvalidContentType.With($"'{type}' is no media type such as image/png.")
        : !profile.ContentTypes.Allow(type) ? Problem.InvalidContentType.With($"Profile '{profile.Name}' takes {profile.ContentTypes}.")
        : asked.Size is { } size && (size < profile.MinSize || size > profile.MaxSize) ? Problem.InvalidSize.With($"The size must be from {profile.MinSize} to {profile.MaxSize} bytes.")
        : asked.Md5 is { } md5 && !(OssEncoding.TryDecodeBase64(md5, out var bytes) && bytes.Length == Md5Bytes) ? Problem.InvalidChecksum.With("md5 is the base64 of 16 bytes.")
        : null;

    private static Problem? RefuseSubject(string? subject) =>
        subject is not null && (Encoding.UTF8.GetByteCount(subject) > UploadGrant.MaxSubjectBytes || subject.Any(char.IsControl))
            ? Problem.InvalidSubject.With($"The subject has at most {UploadGrant.MaxSubjectBytes} bytes of UTF-8 and no control characters.")
            : null;

    private static Problem NoSubject(UploadProfile profile) => Problem.InvalidSubject.With($"Profile '{profile.Name}' has the subject in its keys: say whom you act for.");

    private static Outcome<string> KeyOf(UploadCredentialRequest asked, UploadProfile profile, string id, DateTimeOffset now)
    {
        if (profile.KeyTemplate is not { } template)
        {
            return !ObjectKey.IsValid(asked.Key, out var reason) ? Problem.InvalidKey.With(reason)
                : asked.Key.AsSpan().ContainsAny(NoXml) ? Problem.InvalidKey.With("The object key has control characters.")
                : asked.Key;
        }

        if (asked.Key is not null)
        {
            return Problem.InvalidKey.With($"Profile '{profile.Name}' makes the key: name the file by fileName instead.");
        }

        if (template.NeedsSubject && string.IsNullOrEmpty(asked.Subject))
        {
            return NoSubject(profile);
        }

        if (template.NeedsFileName && string.IsNullOrEmpty(asked.FileName))
        {
            return Problem.InvalidFileName.With($"Profile '{profile.Name}' has the file's name in its keys: give fileName.");
        }

        return Encoding.UTF8.GetByteCount(asked.FileName ?? "") > MaxFileNameBytes ? Problem.InvalidFileName.With($"A file name has at most {MaxFileNameBytes} bytes of UTF-8.")
            : template.Fill(id, asked.Subject ?? "", asked.FileName ?? "", now) is var key && ObjectKey.IsValid(key, out var fault) ? key
            : Problem.InvalidKey.With(fault);
    }
}
