using System.Globalization;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>The few things about an object that its content decides; conditions and ranges do not count.</summary>
internal sealed class GetObjectMeta : IOperation
{
    public string Name => "GetObjectMeta";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var record = CurrentObject.Find(call);
        call.Response.ContentLength = record.Size;
        call.Response.Headers.ETag = ObjectHeaders.Quoted(record.ETag);
        call.Response.Headers.LastModified = record.LastModified.ToString("R", CultureInfo.InvariantCulture);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(record.Crc64);
        VersionIds.Write(call, record);
        return call.Response.StartAsync(cancellationToken);
    }
}
