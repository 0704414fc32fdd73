using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

internal sealed class GetBucketVersioning : IOperation
{
    public string Name => "GetBucketVersioning";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) => Reply.XmlAsync(call, new XElement(
        "VersioningConfiguration", call.Bucket.Record.Versioning is { } status ? new XElement("Status", status) : null));
}

/// <summary>Once set, versioning can be suspended, not taken back.</summary>
internal sealed class PutBucketVersioning : IOperation
{
    private const int MaxBytes = 16 * 1024;

    public string Name => "PutBucketVersioning";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var xml = await RequestXml.ReadAsync(call, MaxBytes, text => OssXml.Parse(text, "VersioningConfiguration"), cancellationToken);
        var status = xml.Element("Status")?.Value switch
        {
            ("Enabled" or "Suspended") and var value => value,
            null or "" => throw Refusals.InvalidArgument("Status", null, "The Versioning element must be specified."),
            var value => throw Refusals.InvalidArgument("Status", value, "The versioning status is Enabled or Suspended."),
        };
        call.Bucket.Change(record => record with { Versioning = status });
        await Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }
}
