using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>An object in a listing: one Contents element of ListObjects and ListObjectsV2.</summary>
/// <param name="Key">Object key.</param>
/// <param name="ETag">With quotes, as OSS writes it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastModified">When it was stored, to the second.</param>
public sealed record ListedObject(string Key, string ETag, long Size, DateTimeOffset LastModified)
{
    /// <summary>Normal, Multipart, Appendable or Symlink.</summary>
    public string Type { get; init; } = "Normal";

    /// <summary>Standard, IA, Archive, ColdArchive or DeepColdArchive.</summary>
    public string StorageClass { get; init; } = "Standard";

    /// <summary>Whom it belongs to; null where the request did not ask (<c>fetch-owner</c> of ListObjectsV2).</summary>
    public OssOwner? Owner { get; init; }

    /// <summary>Writes the Contents element.</summary>
    public XElement ToXml(KeyEncoding encoding) => new(
        "Contents",
        encoding.Element("Key", Key),
        new XElement("LastModified", OssXml.Time(LastModified)),
        new XElement("ETag", ETag),
        new XElement("Type", Type),
        new XElement("Size", Size),
        new XElement("StorageClass", StorageClass),
        Owner?.ToXml());

    internal static ListedObject Parse(XElement contents, KeyEncoding encoding) => new(
        encoding.Read(contents, "Key"), contents.Required("ETag"), contents.RequiredNumber("Size"), contents.Time("LastModified"))
    {
        Type = contents.Element("Type")?.Value ?? "Normal",
        StorageClass = contents.Element("StorageClass")?.Value ?? "Standard",
        Owner = OssOwner.Find(contents),
    };
}
