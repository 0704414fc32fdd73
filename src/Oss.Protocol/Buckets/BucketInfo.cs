namespace Oss.Protocol;

/// <summary>Reply to GetBucketInfo, as far as this project asks.</summary>
/// <param name="Location">Region with its prefix, such as <c>oss-cn-hangzhou</c>.</param>
/// <param name="Acl">private, public-read or public-read-write.</param>
/// <param name="Versioning">Enabled or Suspended; null: the bucket never had versioning.</param>
public sealed record BucketInfo(string Location, string Acl, string? Versioning)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static BucketInfo Parse(string xml)
    {
        var bucket = OssXml.Parse(xml, "BucketInfo").Element("Bucket") ?? throw new System.Xml.XmlException("BucketInfo has no Bucket element.");
        return new(bucket.Required("Location"), bucket.Element("AccessControlList")?.Element("Grant")?.Value ?? "", bucket.Element("Versioning")?.Value);
    }
}
