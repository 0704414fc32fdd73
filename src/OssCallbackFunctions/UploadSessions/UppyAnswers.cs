using System.Text.Json.Serialization;

namespace OssCallbackFunctions.UploadSessions;

// The JSON of Uppy's Companion, member by member. Source: uppy.io documentation, "AWS S3", and Companion's S3 controller.

internal sealed record UppyForm(string Method, string Url, IReadOnlyDictionary<string, string> Fields, long Expires);

internal sealed record UppyBegin(string? Filename, string? Type);

internal sealed record UppyBegun(string Key, string UploadId, string Bucket);

internal sealed record UppyPartUrl(string Url, long Expires);

internal sealed record UppyPartUrls(IReadOnlyDictionary<string, string> PresignedUrls);

internal sealed record UppyPart(
    [property: JsonPropertyName("PartNumber")] int PartNumber, [property: JsonPropertyName("ETag")] string? ETag, [property: JsonPropertyName("Size")] long? Size = null);

internal sealed record UppyComplete(IReadOnlyList<UppyPart?>? Parts);

internal sealed record UppyCompleted(string Location, string Key, string Bucket);

internal sealed record UppyNothing;

// Uppy sends more than it says, and not the same in each version: what is not known is passed over.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UppyForm))]
[JsonSerializable(typeof(UppyBegin))]
[JsonSerializable(typeof(UppyBegun))]
[JsonSerializable(typeof(UppyPartUrl))]
[JsonSerializable(typeof(UppyPartUrls))]
[JsonSerializable(typeof(IReadOnlyList<UppyPart>))]
[JsonSerializable(typeof(UppyComplete))]
[JsonSerializable(typeof(UppyCompleted))]
[JsonSerializable(typeof(UppyNothing))]
internal sealed partial class UppyJson : JsonSerializerContext;
