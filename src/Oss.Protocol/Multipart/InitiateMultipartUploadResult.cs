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
        return new(root.Required("Bucket"), EncodedKey.Read(root), root.Required("UploadId"));
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKey">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKey) => OssXml.Write(new XElement(
        "InitiateMultipartUploadResult", EncodedKey.Type(Key, encodeKey), new XElement("Bucket", Bucket), EncodedKey.Write(Key, encodeKey), new XElement("UploadId", UploadId)));
}
