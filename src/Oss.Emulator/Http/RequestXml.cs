using System.Xml;
using System.Xml.Linq;
using Oss.Emulator.Operations;

namespace Oss.Emulator.Http;

/// <summary>The XML of a request's body: no document types, bounded in size and depth; namespaces do not count.</summary>
internal static class RequestXml
{
    // OSS's documents are three or four deep; each level makes every change to a tree dearer.
    private const int MaxDepth = 16;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The root element; null when there is no body.</summary>
    public static async Task<XElement?> ReadAsync(OssCall call, int maxBytes, CancellationToken cancellationToken)
    {
        var body = await SmallBody.ReadAsync(call, maxBytes, cancellationToken);
        return body.Length == 0 ? null : Parse(body);
    }

    /// <summary>Refuses a document of another kind.</summary>
    public static void Expect(XElement root, string name)
    {
        if (root.Name.LocalName != name)
        {
            throw Refusals.MalformedXml($"Expected a {name} element.");
        }
    }

    private static XElement Parse(byte[] body)
    {
        try
        {
            using (var depth = XmlReader.Create(new MemoryStream(body), Settings))
            {
                while (depth.Read())
                {
                    if (depth.Depth > MaxDepth)
                    {
                        throw Refusals.MalformedXml("It is nested too deeply.");
                    }
                }
            }

            using var reader = XmlReader.Create(new MemoryStream(body), Settings);
            var root = XDocument.Load(reader).Root!;
            foreach (var element in root.DescendantsAndSelf())
            {
                element.Name = element.Name.LocalName;
            }

            return root;
        }
        catch (XmlException e)
        {
            throw Refusals.MalformedXml(e.Message);
        }
    }
}
