using System.Xml.Linq;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;

namespace Oss.Emulator.Buckets;

internal sealed class GetBucketInfo(OssEmulatorOptions options) : IOperation
{
    private const string Disabled = "Disabled";

    public string Name => "GetBucketInfo";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var record = call.Bucket.Record;
        return Reply.XmlAsync(call, new XElement("BucketInfo", new XElement(
            "Bucket",
            new XElement("AccessMonitor", Disabled),
            new XElement("BlockPublicAccess", false),
            BucketDescription.Common(options, record),
            new XElement("Comment"),
            new XElement("CrossRegionReplication", Disabled),
            new XElement("DataRedundancyType", record.DataRedundancyType),
            new XElement("ResourceGroupId", "rg-default"),
            new XElement("TransferAcceleration", Disabled),
            record.Versioning is { } versioning ? new XElement("Versioning", versioning) : null,
            BucketOperations.Owner.ToXml(),
            new XElement("AccessControlList", new XElement("Grant", record.Acl)),
            new XElement("ServerSideEncryptionRule", new XElement("SSEAlgorithm", "None")),
            new XElement("BucketPolicy", new XElement("LogBucket"), new XElement("LogPrefix")))));
    }
}

internal sealed class GetBucketLocation(OssEmulatorOptions options) : IOperation
{
    public string Name => "GetBucketLocation";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) =>
        Reply.XmlAsync(call, new XElement("LocationConstraint", BucketDescription.Location(options)));
}
