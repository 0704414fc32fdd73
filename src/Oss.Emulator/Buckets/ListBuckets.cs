using System.Xml.Linq;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

internal sealed class ListBuckets(OssEmulatorOptions options, BucketIndex buckets) : IOperation
{
    // Only some of the buckets, or more about them, are asked for by these.
    private static readonly string[] UnsupportedParameters = ["tag-key", "tag-value", "tagging", "regionList"];
    private const string UnsupportedHeader = "x-oss-resource-group-id";

    public string Name => "ListBuckets";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        RefuseUnsupported(call);
        var prefix = call.Target.Parameter("prefix") ?? "";
        var marker = call.Target.Parameter("marker") ?? "";
        var max = call.Number("max-keys", 1, OssLimits.MaxKeysPerPage, OssLimits.DefaultKeysPerPage);
        var found = buckets.All
            .Where(bucket => bucket.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(bucket.Name, marker) > 0)
            .Take(max + 1)
            .ToArray();
        return Reply.XmlAsync(call, new XElement(
            "ListAllMyBucketsResult",
            found.Length > max ? Page(prefix, marker, max, found[max - 1].Name) : null,
            BucketOperations.Owner.ToXml(),
            new XElement("Buckets", found.Take(max).Select(Describe))));
    }

    private void RefuseUnsupported(OssCall call)
    {
        var unsupported = UnsupportedParameters.FirstOrDefault(name => call.Target.Parameter(name) is not null);
        if (unsupported is not null || call.Header(UnsupportedHeader) is not null)
        {
            throw Refusals.NotImplemented($"{Name} with {unsupported ?? UnsupportedHeader}");
        }
    }

    // Only a list that is not complete has these.
    private static XElement[] Page(string prefix, string marker, int max, string next) =>
    [
        new("Prefix", prefix),
        KeyEncoding.For(asked: false, [marker]).Element("Marker", marker),
        new("MaxKeys", max),
        new("IsTruncated", true),
        new("NextMarker", next),
    ];

    private XElement Describe(Bucket bucket) => new(
        "Bucket",
        BucketDescription.Common(options, bucket.Record),
        new XElement("Region", options.Region));
}
