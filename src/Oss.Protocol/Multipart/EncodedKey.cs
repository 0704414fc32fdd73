using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>The Key element, percent-encoded when EncodingType says so: when it was asked for, and when XML cannot carry the key otherwise.</summary>
internal static class EncodedKey
{
    public static XElement? Type(string key, bool encode) => encode || !IsXml(key) ? new XElement("EncodingType", "url") : null;

    public static XElement Write(string key, bool encode) => new("Key", encode || !IsXml(key) ? OssEncoding.Encode(key) : key);

    public static string Read(XElement root) =>
        root.Element("EncodingType")?.Value == "url" ? OssEncoding.Decode(root.Required("Key")) : root.Required("Key");

    // Keys are valid UTF-8, so that surrogates come in pairs.
    private static bool IsXml(string key) => key.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c));
}
