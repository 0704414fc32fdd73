using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Reply to ListParts: one page of the parts that OSS has of an upload.</summary>
public sealed record ListPartsResult
{
    /// <summary>Bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>Object key.</summary>
    public required string Key { get; init; }

    /// <summary>Upload id.</summary>
    public required string UploadId { get; init; }

    /// <summary>Parts with higher numbers were asked for.</summary>
    public int PartNumberMarker { get; init; }

    /// <summary>Marker to ask for the next page with.</summary>
    public int NextPartNumberMarker { get; init; }

    /// <summary>Most parts of a page, 1 to 1,000.</summary>
    public int MaxParts { get; init; } = OssLimits.MaxPartsPerPage;

    /// <summary>Whether there are more parts.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The parts with the time each was stored, by number.</summary>
    public IReadOnlyList<(UploadedPart Part, DateTimeOffset LastModified)> Parts { get; init; } = [];

    /// <summary>Reads the XML.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static ListPartsResult Parse(string xml)
    {
        var root = OssXml.Parse(xml, "ListPartsResult");
        return new ListPartsResult
        {
            Bucket = root.Required("Bucket"),
            Key = KeyEncoding.Of(root).Read(root, "Key"),
            UploadId = root.Required("UploadId"),
            PartNumberMarker = root.Number("PartNumberMarker", 0),
            NextPartNumberMarker = root.Number("NextPartNumberMarker", 0),
            MaxParts = root.Number("MaxParts", OssLimits.MaxPartsPerPage),
            IsTruncated = root.Element("IsTruncated")?.Value == "true",
            Parts = [.. root.Elements("Part").Select(part => (
                new UploadedPart(
                    part.Number("PartNumber"),
                    part.Required("ETag"),
                    part.RequiredNumber("Size"),
                    Crc64.TryParse(part.Element("HashCrc64ecma")?.Value, out var crc) ? crc : null),
                part.Time("LastModified")))],
        };
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKey">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKey)
    {
        var encoding = KeyEncoding.For(encodeKey, [Key]);
        return OssXml.Write(new XElement(
            "ListPartsResult",
            encoding.Type,
            new XElement("Bucket", Bucket),
            encoding.Element("Key", Key),
            new XElement("UploadId", UploadId),
            new XElement("PartNumberMarker", PartNumberMarker),
            new XElement("NextPartNumberMarker", NextPartNumberMarker),
            new XElement("MaxParts", MaxParts),
            new XElement("IsTruncated", IsTruncated),
            Parts.Select(item => new XElement(
                "Part",
                new XElement("PartNumber", item.Part.Number),
                new XElement("LastModified", OssXml.Time(item.LastModified)),
                new XElement("ETag", item.Part.ETag),
                new XElement("Size", item.Part.Size),
                item.Part.Crc64 is { } crc ? new XElement("HashCrc64ecma", Crc64.ToText(crc)) : null))));
    }
}
