using System.Text.Json.Serialization;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>A lent temporary key: for clients that sign by themselves, such as OSS's SDKs.</summary>
/// <param name="Id">Id of the upload, which comes back with the callback.</param>
/// <param name="Bucket">The bucket that it can upload to.</param>
/// <param name="Key">The one key; null: a prefix.</param>
/// <param name="Prefix">The prefix of all keys; null: one key.</param>
/// <param name="Region">Region id such as <c>cn-hangzhou</c>.</param>
/// <param name="Endpoint">Where OSS is.</param>
/// <param name="AccessKeyId">Id of the temporary key.</param>
/// <param name="AccessKeySecret">Its secret.</param>
/// <param name="SecurityToken">Its token, without which it is nothing.</param>
/// <param name="Expires">When it is void.</param>
public sealed record LentKey(
    string Id, string Bucket, string? Key, string? Prefix, string Region, string Endpoint, string AccessKeyId, string AccessKeySecret, string SecurityToken, DateTimeOffset Expires)
    : ILentCredential
{
    /// <summary>Headers to send with PutObject, or with InitiateMultipartUpload (but for the callback) and CompleteMultipartUpload (the callback); null for a prefix.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The same callback in parts, as SDKs take it; null for a prefix.</summary>
    public LentCallback? Callback { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public LedgerEntry? Entry { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public long MaxBytes { get; init; }

    /// <summary>Whose key, and until when: secret and token are not for logs.</summary>
    public override string ToString() => $"Key {AccessKeyId} for {Bucket}/{Key ?? Prefix} until {Expires:O}";
}

/// <summary>A callback in parts, named as ali-oss's option <c>callback</c> has them.</summary>
/// <param name="Url">One URL, or several with <c>;</c> between them.</param>
/// <param name="Body">Template of the body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="CallbackSni">Whether OSS is to send the server's name in TLS.</param>
public sealed record LentCallback(string Url, string Body, string ContentType, [property: JsonPropertyName("callbackSNI")] bool CallbackSni);
