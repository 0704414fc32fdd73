using System.Xml.Linq;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

/// <summary>What ListBuckets and GetBucketInfo both say of a bucket.</summary>
internal static class BucketDescription
{
    // The endpoints are the emulator's own name: a client that goes by them must not end up at OSS.
    public static XElement[] Common(OssEmulatorOptions options, BucketRecord record) =>
    [
        new("CreationDate", OssXml.Time(record.Created)),
        new("ExtranetEndpoint", options.EndpointHost),
        new("IntranetEndpoint", options.EndpointHost),
        new("Location", Location(options)),
        new("Name", record.Name),
        new("StorageClass", record.StorageClass),
    ];

    /// <summary>The region as buckets name it.</summary>
    public static string Location(OssEmulatorOptions options) => "oss-" + options.Region;
}
