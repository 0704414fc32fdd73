using System.Text.Json.Serialization;
using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>What <c>POST /api/uploads</c> lends: the credential of one kind, and a capability URL.</summary>
/// <param name="Id">Id of the upload, or of the session.</param>
/// <param name="Kind">Which of the members below is there.</param>
/// <param name="Endpoint">Capability URL for a browser: needs no key. Uppy's <c>endpoint</c> or <c>companionEndpoint</c>.</param>
/// <param name="Expires">Until when uploads may begin or, for one file, be completed by that URL.</param>
/// <param name="Put">A presigned PUT.</param>
/// <param name="Form">A PostObject form.</param>
/// <param name="Multipart">A multipart upload that has begun.</param>
/// <param name="Sts">A temporary key.</param>
public sealed record UploadAnswer(
    string Id, UploadKind Kind, string Endpoint, DateTimeOffset Expires, PresignedPut? Put = null, FormPost? Form = null, LentMultipart? Multipart = null, LentKey? Sts = null);

/// <summary>A multipart upload that has begun: send each part by PUT with the content length named and no other header, then complete it by the capability URL.</summary>
/// <param name="Id">Id of the upload, which comes back with the callback.</param>
/// <param name="Bucket">Bucket that the object goes to.</param>
/// <param name="Key">Its key.</param>
/// <param name="UploadId">What the capability URL knows the upload by; not OSS's own id.</param>
/// <param name="PartSize">Bytes of each part but the last; null when the size was not named: then from 100 KiB to 5 GiB, as the uploader likes.</param>
/// <param name="PartCount">Number of parts, at most 10,000; null likewise.</param>
/// <param name="Parts">The first parts, at most 100; URLs of the others are to be had from the capability URL.</param>
/// <param name="Expires">Until when the URLs of the parts can be used.</param>
public sealed record LentMultipart(
    string Id, string Bucket, string Key, string UploadId, long? PartSize, int? PartCount, IReadOnlyList<LentPart> Parts, DateTimeOffset Expires);

/// <summary>One part to send.</summary>
/// <param name="PartNumber">From 1 on.</param>
/// <param name="Size">Exact bytes.</param>
/// <param name="Url">URL, to be used to the letter.</param>
public sealed record LentPart(int PartNumber, long Size, string Url);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadAnswer))]
internal sealed partial class UploadSessionJson : JsonSerializerContext;
