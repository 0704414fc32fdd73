using System.Xml.Linq;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Buckets;

/// <summary>How much is in a bucket. OSS counts about once an hour; here the figures are those of the moment.</summary>
internal sealed class GetBucketStat(TimeProvider clock) : IOperation
{
    private const string Standard = "Standard";

    // OSS charges at least this much for each object of the other classes, and says both figures.
    private const long LeastCharged = 64 * 1024;

    private static readonly (string StorageClass, string Element)[] Others =
    [
        ("IA", "InfrequentAccess"), ("Archive", "Archive"), ("ColdArchive", "ColdArchive"), ("DeepColdArchive", "DeepColdArchive"),
    ];

    public string Name => "GetBucketStat";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var objects = call.Bucket.Objects.Records.ToArray();
        var uploads = call.Bucket.Uploads.All.ToArray();
        var standard = OfClass(objects, Standard);
        return Reply.XmlAsync(call, new XElement(
            "BucketStat",
            new XElement("Storage", objects.Sum(record => record.Size)),
            new XElement("ObjectCount", objects.Length),
            new XElement("MultipartUploadCount", uploads.Length),
            new XElement("LiveChannelCount", 0),
            new XElement("LastModifiedTime", clock.GetUtcNow().ToUnixTimeSeconds()),
            new XElement("StandardStorage", standard.Sum(record => record.Size)),
            new XElement("StandardObjectCount", standard.Length),
            Others.Select(other => Figures(other.Element, OfClass(objects, other.StorageClass))),
            new XElement("MultipartPartCount", uploads.Sum(upload => upload.PartsOrNone().Length)),
            new XElement("DeleteMarkerCount", 0)));
    }

    private static XElement[] Figures(string name, ObjectRecord[] objects) =>
    [
        new(name + "Storage", objects.Sum(record => Math.Max(record.Size, LeastCharged))),
        new(name + "RealStorage", objects.Sum(record => record.Size)),
        new(name + "ObjectCount", objects.Length),
    ];

    private static ObjectRecord[] OfClass(ObjectRecord[] objects, string storageClass) => [.. objects.Where(record => Operations.StorageClass.Of(record) == storageClass)];
}
