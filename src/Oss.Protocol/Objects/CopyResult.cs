using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Reply to CopyObject and to UploadPartCopy: what has been made.</summary>
/// <param name="ETag">With its quotes.</param>
/// <param name="LastModified">When it was made.</param>
public sealed record CopyResult(string ETag, DateTimeOffset LastModified)
{
    private const string OfObject = "CopyObjectResult";
    private const string OfPart = "CopyPartResult";

    /// <summary>Reads CopyObject's XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static CopyResult ParseObject(string xml) => Read(OssXml.Parse(xml, OfObject));

    /// <summary>Reads UploadPartCopy's XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static CopyResult ParsePart(string xml) => Read(OssXml.Parse(xml, OfPart));

    /// <summary>Writes CopyObject's XML.</summary>
    public string ToObjectXml() => Write(OfObject);

    /// <summary>Writes UploadPartCopy's XML.</summary>
    public string ToPartXml() => Write(OfPart);

    private static CopyResult Read(XElement root) => new(root.Required("ETag"), root.Time("LastModified"));

    private string Write(string name) => OssXml.Write(new XElement(name, new XElement("ETag", ETag), new XElement("LastModified", OssXml.Time(LastModified))));
}
