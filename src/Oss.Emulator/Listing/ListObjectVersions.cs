using System.Xml.Linq;
using Oss.Emulator.Buckets;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

/// <summary>The versions in a bucket that never had versioning: of each object the one there is, whose id is <c>null</c>.</summary>
internal sealed class ListObjectVersions : IOperation
{
    public string Name => "ListObjectVersions";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (call.Bucket.Record.Versioning is not null)
        {
            throw Refusals.NotImplemented($"{Name} of a bucket with versioning");
        }

        var parameters = ListParameters.Of(call, "0012-00000102");
        var keyMarker = ListParameters.Text(call, "key-marker", null);
        var versionMarker = call.Target.Parameter("version-id-marker") ?? "";
        if (keyMarker.Length == 0 && versionMarker.Length > 0)
        {
            throw Refusals.InvalidArgument("version-id-marker", versionMarker, "A version-id-marker needs a key-marker.");
        }

        var page = KeyPage.Of(call.Bucket.Objects, parameters, keyMarker);
        var next = page.IsTruncated ? page.Last : null;
        var encoding = KeyEncoding.For(
            parameters.EncodesKeys,
            [parameters.Prefix, parameters.Delimiter, keyMarker, versionMarker, next, .. page.Objects.Select(record => record.Key), .. page.CommonPrefixes]);
        return Reply.XmlAsync(call, new XElement(
            "ListVersionsResult",
            new XElement("Name", call.Bucket.Name),
            encoding.Element("Prefix", parameters.Prefix),
            encoding.Element("KeyMarker", keyMarker),
            encoding.Element("VersionIdMarker", versionMarker),
            new XElement("MaxKeys", parameters.MaxKeys),
            encoding.Element("Delimiter", parameters.Delimiter),
            encoding.Type,
            new XElement("IsTruncated", page.IsTruncated),
            encoding.ElementOrNone("NextKeyMarker", next),
            next is null ? null : new XElement("NextVersionIdMarker", Bucket.NullVersion),
            KeyPage.Listed(page.Objects, BucketOperations.Owner).Select(listed => Version(listed, encoding)),
            encoding.CommonPrefixes(page.CommonPrefixes)));
    }

    private static XElement Version(ListedObject listed, KeyEncoding encoding)
    {
        var version = listed.ToXml(encoding);
        version.Name = "Version";
        version.Element("Key")!.AddAfterSelf(new XElement("VersionId", Bucket.NullVersion), new XElement("IsLatest", true));
        return version;
    }
}
