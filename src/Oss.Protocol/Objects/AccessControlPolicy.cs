using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Reply to GetObjectAcl and GetBucketAcl.</summary>
/// <param name="OwnerId">Account id of the bucket's owner; also the display name.</param>
/// <param name="Grant">private, public-read, public-read-write; for an object also default, which means the bucket's.</param>
public sealed record AccessControlPolicy(string OwnerId, string Grant)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static AccessControlPolicy Parse(string xml)
    {
        var root = OssXml.Parse(xml, "AccessControlPolicy");
        var owner = root.Element("Owner") ?? throw new XmlException("AccessControlPolicy has no Owner element.");
        var list = root.Element("AccessControlList") ?? throw new XmlException("AccessControlPolicy has no AccessControlList element.");
        return new(owner.Required("ID"), list.Required("Grant"));
    }

    /// <summary>Writes the XML.</summary>
    public string ToXml() => OssXml.Write(new XElement(
        "AccessControlPolicy",
        new OssOwner(OwnerId, OwnerId).ToXml(),
        new XElement("AccessControlList", new XElement("Grant", Grant))));
}
