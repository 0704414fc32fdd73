using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>The Key element, percent-encoded when EncodingType says so: XML cannot carry every key.</summary>
internal static class EncodedKey
{
    public static XElement? Type(bool encode) => encode ? new XElement("EncodingType", "url") : null;

    public static XElement Write(string key, bool encode) => new("Key", encode ? OssEncoding.Encode(key) : key);

    public static string Read(XElement root) =>
        root.Element("EncodingType")?.Value == "url" ? OssEncoding.Decode(root.Required("Key")) : root.Required("Key");
}
