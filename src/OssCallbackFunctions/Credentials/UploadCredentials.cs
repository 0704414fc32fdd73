using System.Text.Json.Serialization;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>What a caller asks a credential for.</summary>
public sealed record UploadCredentialRequest
{
    /// <summary>Name of the profile whose terms apply; null: <c>default</c>, if there is one.</summary>
    public string? Profile { get; init; }

    /// <summary>Object key to upload to; only for profiles without a key template.</summary>
    public string? Key { get; init; }

    /// <summary>The file's name on the uploader's machine, at most 1,024 bytes; for profiles that have it in their keys.</summary>
    public string? FileName { get; init; }

    /// <summary>Content type to store it with; default application/octet-stream.</summary>
    public string? ContentType { get; init; }

    /// <summary>Exact number of bytes; null: anything up to the largest size allowed. A presigned PUT needs it when that is less than 5 GB: it cannot carry a range.</summary>
    public long? Size { get; init; }

    /// <summary>Base64 of the body's MD5, which OSS is to check; for a presigned PUT.</summary>
    public string? Md5 { get; init; }

    /// <summary>The end user that the caller acts for; comes back with the callback. The uploader can read it.</summary>
    public string? Subject { get; init; }

    /// <summary>Values for variables that the profile names; they come back when the upload is told of. The uploader can read them, and cannot change them.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Trace context of the request: its header says it, whatever the body does.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Where a presigned PUT carries its callback.</summary>
    public CallbackPlace Callback { get; init; }

    /// <summary>What is wanted of <c>POST /api/uploads</c>; null: by the size.</summary>
    public UploadKind? Kind { get; init; }
}

/// <summary>Kinds of credential.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UploadKind>))]
public enum UploadKind
{
    /// <summary>A presigned PUT of one object, to 5 GB.</summary>
    [JsonStringEnumMemberName("put")]
    Put,

    /// <summary>A PostObject form for one object, to 5 GB.</summary>
    [JsonStringEnumMemberName("form")]
    Form,

    /// <summary>A multipart upload of one object, to 48.8 TB: begun and completed by this service, its parts sent by presigned PUTs.</summary>
    [JsonStringEnumMemberName("multipart")]
    Multipart,

    /// <summary>A temporary key for clients that sign by themselves; where the profile lends them.</summary>
    [JsonStringEnumMemberName("sts")]
    Sts,

    /// <summary>A capability URL for any number of files.</summary>
    [JsonStringEnumMemberName("session")]
    Session,
}

/// <summary>Where a presigned PUT carries its callback; it is signed in both places.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallbackPlace>))]
public enum CallbackPlace
{
    /// <summary>In the URL: the uploader has nothing to add.</summary>
    Query,

    /// <summary>In a header that the uploader must send: the URL stays short.</summary>
    Header,
}

/// <summary>Something lent, and what is left in the ledger of it.</summary>
public interface ILentCredential
{
    /// <summary>The entry; none of the reply.</summary>
    LedgerEntry? Entry { get; }

    /// <summary>Most bytes that can be uploaded with it; none of the reply.</summary>
    long MaxBytes { get; }
}

/// <summary>A lent presigned PUT.</summary>
/// <param name="Id">Id of the upload, which comes back with the callback.</param>
/// <param name="Bucket">Bucket that the object goes to.</param>
/// <param name="Key">Its key.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">URL, to be used to the letter.</param>
/// <param name="Headers">Headers to send exactly.</param>
/// <param name="Expires">Time until which the upload must have begun.</param>
public sealed record PresignedPut(
    string Id, string Bucket, string Key, string Method, string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Expires) : ILentCredential
{
    /// <inheritdoc/>
    [JsonIgnore]
    public LedgerEntry? Entry { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public long MaxBytes { get; init; }
}

/// <summary>A lent PostObject form.</summary>
/// <param name="Id">Id of the upload, which comes back with the callback.</param>
/// <param name="Bucket">Bucket that the object goes to.</param>
/// <param name="Key">Its key.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">Where to send the form, as multipart/form-data.</param>
/// <param name="Fields">Fields to send exactly, before the part "file".</param>
/// <param name="Expires">Time until which the form must have arrived.</param>
public sealed record FormPost(
    string Id, string Bucket, string Key, string Method, string Url, IReadOnlyDictionary<string, string> Fields, DateTimeOffset Expires) : ILentCredential
{
    /// <inheritdoc/>
    [JsonIgnore]
    public LedgerEntry? Entry { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public long MaxBytes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(UploadCredentialRequest))]
[JsonSerializable(typeof(PresignedPut))]
[JsonSerializable(typeof(FormPost))]
[JsonSerializable(typeof(FormPolicy))]
internal sealed partial class CredentialJson : JsonSerializerContext;
