using System.Xml.Linq;
using Oss.Emulator.Buckets;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

/// <summary>The first version, which older clients use: a marker that is a key, and the owner with every object.</summary>
internal sealed class ListObjects : IOperation
{
    public string Name => "ListObjects";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var parameters = ListParameters.Of(call, "0015-00000402");
        var marker = ListParameters.Text(call, "marker", "0015-00000405");
        var page = KeyPage.Of(call.Bucket.Objects, parameters, marker);
        var next = page.IsTruncated ? page.Last : null;
        var encoding = KeyEncoding.For(
            parameters.EncodesKeys, [parameters.Prefix, parameters.Delimiter, marker, next, .. page.Objects.Select(record => record.Key), .. page.CommonPrefixes]);
        return Reply.XmlAsync(call, new XElement(
            "ListBucketResult",
            new XElement("Name", call.Bucket.Name),
            encoding.Element("Prefix", parameters.Prefix),
            encoding.Element("Marker", marker),
            new XElement("MaxKeys", parameters.MaxKeys),
            encoding.Element("Delimiter", parameters.Delimiter),
            encoding.Type,
            new XElement("IsTruncated", page.IsTruncated),
            encoding.ElementOrNone("NextMarker", next),
            KeyPage.Listed(page.Objects, BucketOperations.Owner).Select(listed => listed.ToXml(encoding)),
            encoding.CommonPrefixes(page.CommonPrefixes)));
    }
}
