using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>What a callback can tell about an object that was just stored.</summary>
internal sealed class CallbackVariables(OssCall call, ObjectRecord record, ImageInfo? image, CallbackParameter callback)
{
    /// <summary>The value of a variable: text or a <see cref="long"/>; null when it is unknown or has none.</summary>
    public object? Find(string name) => name switch
    {
        "bucket" => call.Bucket.Name,
        "object" => record.Key,
        "etag" => record.ETag,
        "size" => record.Size,
        "mimeType" => record.Headers["Content-Type"],
        "imageInfo.height" => image?.Height,
        "imageInfo.width" => image?.Width,
        "imageInfo.format" => image?.Format,
        "crc64" => Crc64.ToText(record.Crc64),
        "contentMd5" => record.ContentMd5,
        "clientIp" => ClientIp(),
        "reqId" => call.RequestId,
        "operation" => call.Operation,
        _ => callback.Variables.GetValueOrDefault(name),
    };

    private string? ClientIp() =>
        call.Http.Connection.RemoteIpAddress is not { } address ? null
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
