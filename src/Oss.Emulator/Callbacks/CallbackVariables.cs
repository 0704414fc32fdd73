using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>What a callback can tell about an object that was just stored; taken from the request at once, since a late callback outlives it.</summary>
internal sealed class CallbackVariables(OssCall call, ObjectRecord record, CallbackParameter callback)
{
    private readonly string? _clientIp = ClientIp(call);
    private readonly string _operation = call.Operation;

    /// <summary>Bucket of the object.</summary>
    public string Bucket { get; } = call.Bucket.Name;

    /// <summary>Id of the upload's request.</summary>
    public string RequestId { get; } = call.RequestId;

    /// <summary>What the object is as an image; null when it is none, or when the body does not ask.</summary>
    public ImageInfo? Image { get; set; }

    /// <summary>The value of a variable: text or a <see cref="long"/>; null when it is unknown or has none.</summary>
    public object? Find(string name) => name switch
    {
        "bucket" => Bucket,
        "object" => record.Key,
        "etag" => record.ETag,
        "size" => record.Size,
        "mimeType" => record.Headers["Content-Type"],
        "imageInfo.height" => Image?.Height,
        "imageInfo.width" => Image?.Width,
        "imageInfo.format" => Image?.Format,
        "crc64" => Crc64.ToText(record.Crc64),
        "contentMd5" => record.ContentMd5,
        // No request comes through a VPC here.
        "vpcId" => null,
        "clientIp" => _clientIp,
        "reqId" => RequestId,
        "operation" => _operation,
        _ => callback.Variables.GetValueOrDefault(name),
    };

    private static string? ClientIp(OssCall call) =>
        call.Http.Connection.RemoteIpAddress is not { } address ? null
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
