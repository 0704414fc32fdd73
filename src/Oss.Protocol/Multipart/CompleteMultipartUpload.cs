using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Body of CompleteMultipartUpload: the parts that make the object.</summary>
/// <param name="Parts">Number and ETag of each part, numbers ascending.</param>
public sealed record CompleteMultipartUpload(IReadOnlyList<(int Number, string ETag)> Parts)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document, or it has no part.</exception>
    public static CompleteMultipartUpload Parse(string xml)
    {
        var parts = OssXml.Parse(xml, "CompleteMultipartUpload").Elements("Part")
            .Select(part => (checked((int)Math.Min(part.RequiredNumber("PartNumber"), int.MaxValue)), part.Required("ETag")))
            .ToArray();
        return parts.Length > 0 ? new(parts) : throw new XmlException("CompleteMultipartUpload has no Part element.");
    }

    /// <summary>Writes the XML.</summary>
    public string ToXml() => OssXml.Write(new XElement(
        "CompleteMultipartUpload",
        Parts.Select(part => new XElement("Part", new XElement("PartNumber", part.Number), new XElement("ETag", part.ETag)))));
}

/// <summary>Reply to CompleteMultipartUpload where there is no callback.</summary>
public sealed record CompleteMultipartUploadResult(string Location, string Bucket, string Key, string ETag)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static CompleteMultipartUploadResult Parse(string xml)
    {
        var root = OssXml.Parse(xml, "CompleteMultipartUploadResult");
        return new(root.Element("Location")?.Value ?? "", root.Required("Bucket"), KeyEncoding.Of(root).Read(root, "Key"), root.Required("ETag"));
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKey">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKey)
    {
        var encoding = KeyEncoding.For(encodeKey, [Key]);
        return OssXml.Write(new XElement(
            "CompleteMultipartUploadResult",
            encoding.Type,
            new XElement("Location", Location),
            new XElement("Bucket", Bucket),
            encoding.Element("Key", Key),
            new XElement("ETag", ETag)));
    }
}
