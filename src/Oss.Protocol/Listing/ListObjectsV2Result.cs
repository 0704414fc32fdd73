using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Reply to ListObjectsV2: one page of a bucket's keys. Source: OSS documentation, "ListObjectsV2 (GetBucketV2)".</summary>
public sealed record ListObjectsV2Result
{
    private const string Root = "ListBucketResult";

    /// <summary>Bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>All keys begin with this.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Keys that have it after the prefix are only shown by the piece up to it; null: no such grouping.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Keys after this one were asked for; null where the request had none.</summary>
    public string? StartAfter { get; init; }

    /// <summary>The token that this page was asked for with; null for the first.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>The token to ask for the next page with; null when there is none.</summary>
    public string? NextContinuationToken { get; init; }

    /// <summary>Most keys and common prefixes of a page, 1 to 1,000.</summary>
    public int MaxKeys { get; init; } = OssLimits.DefaultKeysPerPage;

    /// <summary>Whether there are more.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The objects, by the UTF-8 bytes of their keys.</summary>
    public IReadOnlyList<ListedObject> Objects { get; init; } = [];

    /// <summary>The pieces of keys up to the delimiter, each once.</summary>
    public IReadOnlyList<string> CommonPrefixes { get; init; } = [];

    /// <summary>Objects and common prefixes of this page.</summary>
    public int KeyCount => Objects.Count + CommonPrefixes.Count;

    /// <summary>Reads the XML.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static ListObjectsV2Result Parse(string xml)
    {
        var root = OssXml.Parse(xml, Root);
        var encoding = KeyEncoding.Of(root);
        return new ListObjectsV2Result
        {
            Bucket = root.Required("Name"),
            Prefix = encoding.Find(root, "Prefix") ?? "",
            Delimiter = encoding.Find(root, "Delimiter") is { Length: > 0 } delimiter ? delimiter : null,
            StartAfter = encoding.Find(root, "StartAfter"),
            ContinuationToken = encoding.Find(root, "ContinuationToken"),
            NextContinuationToken = encoding.Find(root, "NextContinuationToken") is { Length: > 0 } next ? next : null,
            MaxKeys = root.Number("MaxKeys", OssLimits.DefaultKeysPerPage),
            IsTruncated = root.Element("IsTruncated")?.Value == "true",
            Objects = [.. root.Elements("Contents").Select(contents => ListedObject.Parse(contents, encoding))],
            CommonPrefixes = encoding.ReadCommonPrefixes(root),
        };
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKeys">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKeys)
    {
        var encoding = KeyEncoding.For(
            encodeKeys, [Prefix, Delimiter, StartAfter, ContinuationToken, NextContinuationToken, .. Objects.Select(listed => listed.Key), .. CommonPrefixes]);
        return OssXml.Write(new XElement(
            Root,
            new XElement("Name", Bucket),
            encoding.Element("Prefix", Prefix),
            encoding.ElementOrNone("StartAfter", StartAfter),
            encoding.ElementOrNone("ContinuationToken", ContinuationToken),
            new XElement("MaxKeys", MaxKeys),
            encoding.Element("Delimiter", Delimiter ?? ""),
            encoding.Type,
            new XElement("IsTruncated", IsTruncated),
            encoding.ElementOrNone("NextContinuationToken", NextContinuationToken),
            Objects.Select(listed => listed.ToXml(encoding)),
            encoding.CommonPrefixes(CommonPrefixes),
            new XElement("KeyCount", KeyCount)));
    }
}
