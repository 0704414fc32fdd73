using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// A grant that is to be settled: what is known of it when its message comes due. With <see cref="Callback"/>, a callback did come in time, and only the look at the object is left.
/// </summary>
/// <param name="Id">Id of the upload.</param>
/// <param name="Profile">What the credential was lent under.</param>
/// <param name="Subject">The end user it was lent for, or "".</param>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key.</param>
/// <param name="Issued">When it was lent; null when that is not known, since a grant's token does not tell.</param>
/// <param name="Expires">From this time on a callback with the grant is refused.</param>
/// <param name="Callback">What the callback said of the object; null: none came yet.</param>
public sealed record LedgerEntry(
    string Id, string Profile, string Subject, string Bucket, string Key, DateTimeOffset? Issued, DateTimeOffset Expires, ClaimedObject? Callback = null)
{
    private const int Version = 1;
    private const int LaterIdBytes = 8;

    /// <summary>Version of the message.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = Version;

    /// <summary>When the credential is over, and the object is first looked for; null: it is looked for when the grant is over, and then only.</summary>
    public DateTimeOffset? CredentialEnds { get; init; }

    /// <summary>Whether the credential may be used again for another content, which takes the place of the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayReplace { get; init; }

    /// <summary>How often it was put off because OSS did not answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PutOff { get; init; }

    /// <summary>OSS's id of a multipart upload that is to be given up when it is still open; null: the upload is none.</summary>
    public string? MultipartId { get; init; }

    /// <summary>What such an upload is counted by while it is open; null: it is not.</summary>
    public string? Slot { get; init; }

    /// <summary>Name of the caller it is counted for; null: one of no name.</summary>
    public string? Caller { get; init; }

    /// <summary>Variables of the grant's; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Trace context of the request for the credential, or null.</summary>
    public string? TraceParent { get; init; }

    internal UploadGrant Grant => new(Id, Profile, Subject, Expires) { Variables = Variables, TraceParent = TraceParent };

    /// <summary>From when on, with the grace, the object is looked for.</summary>
    internal DateTimeOffset LooksAt => CredentialEnds ?? Expires;

    /// <summary>The entry that is left when the credential is over and its grant is not: for the last look.</summary>
    internal LedgerEntry ForLastLook => this with { CredentialEnds = null, PutOff = 0 };

    /// <summary>The entry of another content that the same credential stored later: an upload of its own, whose id is this one's with 16 hex digits of the content's ETag behind it.</summary>
    internal LedgerEntry OfLater(string etag) => this with { Id = $"{Id}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(etag)).AsSpan(0, LaterIdBytes))}" };

    /// <summary>The entry of a credential that is being lent.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="bucket">Bucket.</param>
    /// <param name="key">Object key.</param>
    /// <param name="issued">When it is lent.</param>
    /// <param name="ends">When it is over: an upload that it began may take until the grant is; null: with the grant.</param>
    internal static LedgerEntry Lent(UploadGrant grant, string bucket, string key, DateTimeOffset issued, DateTimeOffset? ends = null) =>
        new(grant.Id, grant.Profile, grant.Subject, bucket, key, issued, grant.Expires)
        {
            CredentialEnds = ends < grant.Expires ? ends : null,
            Variables = grant.Variables,
            TraceParent = grant.TraceParent,
        };

    /// <summary>The entry of a callback whose object could not be looked at in time.</summary>
    internal static LedgerEntry Pending(UploadGrant grant, string bucket, string key, ClaimedObject callback) =>
        new(grant.Id, grant.Profile, grant.Subject, bucket, key, null, grant.Expires, callback) { Variables = grant.Variables, TraceParent = grant.TraceParent };

    /// <summary>Reads a message of ours.</summary>
    /// <exception cref="JsonException">It is none, or of another version.</exception>
    internal static LedgerEntry Parse(string message) => JsonSerializer.Deserialize(message, LedgerJson.Default.LedgerEntry) is
        { V: Version, Id.Length: > 0, Profile: not null, Subject: not null, Bucket: not null, Key: not null } entry && (entry.Issued is null) != (entry.Callback is null)
            ? entry
            : throw new JsonException("The message is no ledger entry of version 1.");
}

/// <summary>What a callback says of the object, as far as HeadObject does not: a claim until it is compared.</summary>
/// <param name="ETag">ETag without quotes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc64">CRC-64/XZ, or null.</param>
/// <param name="Operation">OSS's name of the operation, or null.</param>
/// <param name="RequestId">OSS's id of the upload request, or null.</param>
/// <param name="Claims">What the profile had OSS tell beside these, or null.</param>
public sealed record ClaimedObject(
    [property: JsonPropertyName("etag")] string ETag, long Size, ulong? Crc64, string? Operation, string? RequestId, CallbackClaims? Claims = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerEntry))]
internal sealed partial class LedgerJson : JsonSerializerContext;
