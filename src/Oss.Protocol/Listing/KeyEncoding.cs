using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>
/// How a reply writes keys, prefixes, delimiters and markers: as they are, or percent-encoded when the request asked for <c>encoding-type=url</c>. What XML 1.0 cannot carry is
/// encoded also when nobody asked; the EncodingType element says so.
/// </summary>
/// <param name="IsUrl">Whether all of them are percent-encoded.</param>
public readonly record struct KeyEncoding(bool IsUrl)
{
    /// <summary>The encoding of a reply in which these texts occur.</summary>
    /// <param name="asked">Whether the request had <c>encoding-type=url</c>.</param>
    /// <param name="texts">Keys, prefixes, markers; null where there is none.</param>
    public static KeyEncoding For(bool asked, IEnumerable<string?> texts) => new(asked || texts.Any(text => text is not null && !IsXml(text)));

    /// <summary>The EncodingType element; null when nothing is encoded.</summary>
    public XElement? Type => IsUrl ? new XElement("EncodingType", "url") : null;

    /// <summary>An element that holds a key or a piece of one.</summary>
    public XElement Element(string name, string text) => new(name, IsUrl ? OssEncoding.Encode(text) : text);

    /// <summary>As <see cref="Element(string, string)"/>, or nothing where there is no text.</summary>
    public XElement? ElementOrNone(string name, string? text) => text is null ? null : Element(name, text);

    /// <summary>One CommonPrefixes element for each prefix.</summary>
    public IEnumerable<XElement> CommonPrefixes(IEnumerable<string> prefixes)
    {
        var encoding = this;
        return prefixes.Select(prefix => new XElement("CommonPrefixes", encoding.Element("Prefix", prefix)));
    }

    internal static KeyEncoding Of(XElement root) => new(root.Element("EncodingType")?.Value == "url");

    internal string? Find(XElement parent, string name) => parent.Element(name)?.Value is not { } text ? null : IsUrl ? OssEncoding.Decode(text) : text;

    internal string Read(XElement parent, string name) => IsUrl ? OssEncoding.Decode(parent.Required(name)) : parent.Required(name);

    internal string[] ReadCommonPrefixes(XElement root)
    {
        var encoding = this;
        return [.. root.Elements("CommonPrefixes").Select(element => encoding.Read(element, "Prefix"))];
    }

    // Keys are valid UTF-8, so that surrogates come in pairs.
    private static bool IsXml(string text) => text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c));
}
