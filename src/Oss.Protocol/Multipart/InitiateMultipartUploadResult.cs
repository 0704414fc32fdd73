using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Reply to InitiateMultipartUpload.</summary>
public sealed record InitiateMultipartUploadResult(string Bucket, string Key, string UploadId)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static InitiateMultipartUploadResult Parse(string xml)
    {
        var root = OssXml.Parse(xml, "InitiateMultipartUploadResult");
        return new(root.Required("Bucket"), KeyEncoding.Of(root).Read(root, "Key"), root.Required("UploadId"));
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKey">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKey)
    {
        var encoding = KeyEncoding.For(encodeKey, [Key]);
        return OssXml.Write(new XElement(
            "InitiateMultipartUploadResult", encoding.Type, new XElement("Bucket", Bucket), encoding.Element("Key", Key), new XElement("UploadId", UploadId)));
    }
}
