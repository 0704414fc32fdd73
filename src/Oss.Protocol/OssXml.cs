using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>XML as OSS's bodies use it: no namespaces, no document types, bounded in size and depth.</summary>
internal static class OssXml
{
    private const int MaxCharacters = 16 * 1024 * 1024;

    // OSS's documents are three or four deep; each level makes every change to a tree dearer.
    private const int MaxDepth = 16;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
    };

    private static readonly XmlReaderSettings Lax = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        CheckCharacters = false,
    };

    // A reader takes CR for LF where it is not written as a character reference.
    private static readonly XmlWriterSettings Format = new() { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.Entitize };

    /// <summary>Reads a document whose root element has the name given, whatever its namespace. White space counts: a key may be a blank.</summary>
    /// <param name="xml">The document.</param>
    /// <param name="rootName">Name of its root element.</param>
    /// <param name="anyCharacter">Takes control characters as references (<c>&amp;#1;</c>), which is no XML 1.0: official clients write keys so in what they ask for.</param>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static XElement Parse(string xml, string rootName, bool anyCharacter = false)
    {
        var settings = anyCharacter ? Lax : Settings;
        using (var depth = XmlReader.Create(new StringReader(xml), settings))
        {
            while (depth.Read())
            {
                if (depth.Depth > MaxDepth)
                {
                    throw new XmlException("The document is nested too deeply.");
                }
            }
        }

        using var reader = XmlReader.Create(new StringReader(xml), settings);
        var root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root.Name.LocalName == rootName
            ? root
            : throw new XmlException($"Expected a {rootName} element, found {root.Name.LocalName}.");
    }

    /// <summary>Writes a document with OSS's XML declaration.</summary>
    public static string Write(XElement root)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var writer = XmlWriter.Create(text, Format))
        {
            root.Save(writer);
        }

        return text.ToString();
    }

    /// <summary>The text with "?" for what XML 1.0 cannot carry, not even escaped: most control characters, and half a surrogate pair.</summary>
    public static string Clean(string text) => text.All(XmlConvert.IsXmlChar)
        ? text
        // EnumerateRunes gives U+FFFD for half a pair.
        : string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "?" : rune.ToString()));

    /// <summary>The text of a child element that must be there.</summary>
    /// <exception cref="XmlException">It is missing.</exception>
    public static string Required(this XElement parent, string name) =>
        parent.Element(name)?.Value ?? throw new XmlException($"{parent.Name.LocalName} has no {name} element.");

    /// <summary>The number in a child element that must be there.</summary>
    /// <exception cref="XmlException">It is missing or no whole number.</exception>
    public static long RequiredNumber(this XElement parent, string name) =>
        long.TryParse(parent.Required(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new XmlException($"{name} is no whole number.");

    /// <summary>The number in a child element, or <paramref name="missing"/> where it is missing or empty.</summary>
    /// <exception cref="XmlException">It is missing and must not be, or no whole number of 31 bits.</exception>
    public static int Number(this XElement parent, string name, int? missing = null) =>
        missing is not null && string.IsNullOrEmpty(parent.Element(name)?.Value) ? missing.Value
            : parent.RequiredNumber(name) is var number and <= int.MaxValue ? (int)number
            : throw new XmlException($"{name} is too large.");

    /// <summary>The time in a child element, or the default where there is none.</summary>
    /// <exception cref="XmlException">It is no time in ISO 8601.</exception>
    public static DateTimeOffset Time(this XElement parent, string name) =>
        parent.Element(name)?.Value is not { } text ? default
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new XmlException($"{name} is no time.");

    /// <summary>A time as OSS writes it in XML: <c>2025-01-02T03:04:05.000Z</c>, whole seconds always. There are clients that read the zeros as text.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);
}
