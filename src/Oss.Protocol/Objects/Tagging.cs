using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Body of PutObjectTagging and reply to GetObjectTagging.</summary>
/// <param name="Tags">Keys and values, in order. What OSS allows in them is not checked here.</param>
public sealed record Tagging(IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static Tagging Parse(string xml)
    {
        var set = OssXml.Parse(xml, "Tagging").Element("TagSet") ?? throw new XmlException("Tagging has no TagSet element.");
        return new([.. set.Elements("Tag").Select(tag => KeyValuePair.Create(tag.Required("Key"), tag.Element("Value")?.Value ?? ""))]);
    }

    /// <summary>Writes the XML.</summary>
    public string ToXml() => OssXml.Write(new XElement(
        "Tagging",
        new XElement("TagSet", Tags.Select(tag => new XElement("Tag", new XElement("Key", tag.Key), new XElement("Value", tag.Value))))));
}
