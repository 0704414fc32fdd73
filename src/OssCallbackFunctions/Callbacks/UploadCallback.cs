using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// What a callback says: the body that our template made OSS send. Only a claim, since whoever has the callback's URL can have OSS sign another body: what is told on
/// is what HeadObject says. Numbers are taken with and without quotes, since OSS's pages do not settle it.
/// </summary>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key.</param>
/// <param name="ETag">ETag without quotes, of 1 to 64 printable ASCII characters.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc64">CRC-64/XZ, or null.</param>
/// <param name="Operation">PutObject, PostObject or CompleteMultipartUpload; null for anything else.</param>
/// <param name="RequestId">OSS's id of the upload request; null when it is none.</param>
public sealed record UploadCallback(string Bucket, string Key, string ETag, long Size, ulong? Crc64, string? Operation, string? RequestId)
{
    private const int RequestIdLength = 24;
    private const int MaxETag = 64;

    /// <summary>What it says beside these, as far as the profile asks for it; null: nothing, or not looked at yet.</summary>
    public CallbackClaims? Claims { get; init; }

    /// <summary>Trace context that it says it belongs to; null when there is none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The other members of the body.</summary>
    internal IReadOnlyDictionary<string, JsonElement>? Further { get; init; }

    /// <summary>Reads a body; false when it is not what our template makes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out UploadCallback? callback)
    {
        callback = null;
        try
        {
            if (StrictJson.Deserialize(body, CallbackJson.Default.CallbackBody) is { Bucket: { } bucket, Object: { } key, ETag: { } quoted, Size: { } size } read && quoted.Trim('"') is var etag && IsETag(etag))
            {
                callback = new UploadCallback(
                    bucket, key, etag, size,
                    Oss.Protocol.Crc64.TryParse(read.Crc64?.ToString(), out var crc) ? crc : null,
                    read.Operation is "PutObject" or "PostObject" or "CompleteMultipartUpload" ? read.Operation : null,
                    read.RequestId is { Length: RequestIdLength } id && id.All(char.IsAsciiHexDigit) ? id : null)
                {
                    TraceParent = OssCallbackFunctions.TraceParent.Valid(read.TraceParent is { ValueKind: JsonValueKind.String } trace ? trace.GetString() : null),
                    Further = read.Further,
                };
            }
        }
        catch (JsonException)
        {
            // Not ours.
        }

        return callback is not null;
    }

    // OSS's are the hex of an MD5, with the number of parts behind it: what is longer would only fill the ledger's messages.
    private static bool IsETag(string text) => text.Length is > 0 and <= MaxETag && text.All(c => c is > ' ' and <= '~');

    /// <summary>Whether the object in the bucket is the one that it tells of.</summary>
    internal bool Agrees([NotNullWhen(true)] ObjectHead? head) =>
        head is not null && head.Size == Size && head.ETag.Trim('"') == ETag && (Crc64 is null || head.Crc64 is null || Crc64 == head.Crc64);
}

internal sealed record CallbackBody(
    string? Bucket,
    string? Object,
    string? ETag,
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long? Size,
    JsonElement? Crc64,
    string? Operation,
    string? RequestId,
    [property: JsonPropertyName(OssCallbackFunctions.TraceParent.Name)] JsonElement? TraceParent)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Further { get; set; }
}

/// <summary>What OSS is answered, and hands on to the uploader.</summary>
/// <param name="State"><c>verified</c>, or <c>pending</c>: the object could not be looked at in time, what is known of it follows as an event.</param>
/// <param name="Id">Id of the upload, as the credential told it.</param>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">ETag without quotes.</param>
/// <param name="Crc64">CRC-64/XZ in decimal.</param>
public sealed record CallbackAnswer(
    string State, string Id, string Bucket, string Key, long? Size = null, [property: JsonPropertyName("etag")] string? ETag = null, string? Crc64 = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallbackBody))]
[JsonSerializable(typeof(CallbackAnswer))]
[JsonSerializable(typeof(UploadEvent))]
internal sealed partial class CallbackJson : JsonSerializerContext;
