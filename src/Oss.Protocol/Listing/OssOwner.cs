using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>The account that a bucket or an object belongs to.</summary>
/// <param name="Id">Account number.</param>
/// <param name="DisplayName">Its name; OSS repeats the number.</param>
public sealed record OssOwner(string Id, string DisplayName)
{
    /// <summary>Writes the Owner element.</summary>
    public XElement ToXml() => new("Owner", new XElement("ID", Id), new XElement("DisplayName", DisplayName));

    internal static OssOwner? Find(XElement parent) =>
        parent.Element("Owner") is { } owner ? new OssOwner(owner.Element("ID")?.Value ?? "", owner.Element("DisplayName")?.Value ?? "") : null;
}
