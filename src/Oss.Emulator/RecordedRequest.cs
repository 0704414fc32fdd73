using Oss.Protocol;

namespace Oss.Emulator;

/// <summary>A request that was served.</summary>
/// <param name="Operation">OSS's name of it, such as <c>PutObject</c>.</param>
/// <param name="Bucket">Bucket; null at service level.</param>
/// <param name="Key">Object key; null at bucket level.</param>
/// <param name="UploadId">Upload id, as the request named it.</param>
/// <param name="PartNumber">Part number, as the request named it.</param>
/// <param name="Status">HTTP status of the reply; 499 when the client left before there was one.</param>
/// <param name="ErrorCode">OSS's code of a refusal or failed callback.</param>
/// <param name="BytesReceived">Bytes of the body that were read.</param>
/// <param name="Time">When the reply began.</param>
public sealed record RecordedRequest(
    string Operation, string? Bucket, string? Key, string? UploadId, int? PartNumber, int Status, string? ErrorCode, long BytesReceived, DateTimeOffset Time)
{
    /// <summary>The reply's <c>x-oss-request-id</c>.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>How the request was signed, whether or not the signature was right.</summary>
    public SignatureScheme Signature { get; init; }

    /// <summary>Id of the key that signed; null when nobody did, or the signature was refused.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The kinds of the injected faults that hit the request, such as <c>resetReply</c>, in the order they were added. When the reply is lost, Status is what it would have been.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
