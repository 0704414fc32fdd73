using System.Text.Json.Serialization;

namespace OssCallbackFunctions.Callbacks;

/// <summary>How far an upload is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UploadState>))]
public enum UploadState
{
    /// <summary>The credential was lent; nothing was heard since.</summary>
    [JsonStringEnumMemberName("issued")]
    Issued,

    /// <summary>A callback came, and the object is still to be looked at.</summary>
    [JsonStringEnumMemberName("stored")]
    Stored,

    /// <summary>The object is there, proven, and told.</summary>
    [JsonStringEnumMemberName("verified")]
    Verified,

    /// <summary>The grant is over and nothing was stored with it.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>OSS sent a callback with the grant, but it was not believed.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,
}

/// <summary>What <c>GET /api/uploads/{id}</c> tells. What is not known, or has not been, is null.</summary>
/// <param name="Id">Id of the upload.</param>
/// <param name="State">State.</param>
/// <param name="Issued">When the credential was lent.</param>
/// <param name="Expires">From when on no callback is believed.</param>
/// <param name="CallbackAt">When a callback came that waited for the look at the object.</param>
/// <param name="VerifiedAt">When it was verified.</param>
/// <param name="ExpiredAt">When it was found that nothing was stored.</param>
/// <param name="RejectedAt">When a callback was last refused; only when it is rejected.</param>
/// <param name="Reason">Why: <c>object_differs</c> or <c>grant_used</c>.</param>
/// <param name="Upload">The object, as the event tells it; only when it is verified.</param>
public sealed record UploadStatus(
    string Id, UploadState State, DateTimeOffset? Issued, DateTimeOffset? Expires, DateTimeOffset? CallbackAt = null, DateTimeOffset? VerifiedAt = null, DateTimeOffset? ExpiredAt = null,
    DateTimeOffset? RejectedAt = null, string? Reason = null, UploadEventData? Upload = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadStatus))]
internal sealed partial class UploadStatusJson : JsonSerializerContext;
