using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>An upload that is neither completed nor aborted.</summary>
/// <param name="Key">Key of the object that it would become.</param>
/// <param name="UploadId">Upload id.</param>
/// <param name="Initiated">When it was begun, to the second.</param>
/// <param name="StorageClass">Storage class that the object would have; null when OSS did not say.</param>
public sealed record ListedUpload(string Key, string UploadId, DateTimeOffset Initiated, string? StorageClass = null);

/// <summary>Reply to ListMultipartUploads: one page of a bucket's open uploads. Source: OSS documentation, "ListMultipartUploads".</summary>
public sealed record ListMultipartUploadsResult
{
    /// <summary>Bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>All keys begin with this.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Keys that have it after the prefix are only shown by the piece up to it; null: no such grouping.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Uploads after this key were asked for.</summary>
    public string KeyMarker { get; init; } = "";

    /// <summary>With <see cref="KeyMarker"/>: of that key itself, uploads after this id.</summary>
    public string UploadIdMarker { get; init; } = "";

    /// <summary>Key marker to ask for the next page with; empty when there is none.</summary>
    public string NextKeyMarker { get; init; } = "";

    /// <summary>Upload id marker to ask for the next page with; empty when there is none, and after a common prefix.</summary>
    public string NextUploadIdMarker { get; init; } = "";

    /// <summary>Most uploads and common prefixes of a page, 1 to 1,000.</summary>
    public int MaxUploads { get; init; } = OssLimits.MaxUploadsPerPage;

    /// <summary>Whether there are more.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The uploads, by the UTF-8 bytes of their keys, those of one key by id.</summary>
    public IReadOnlyList<ListedUpload> Uploads { get; init; } = [];

    /// <summary>The pieces of keys up to the delimiter, each once.</summary>
    public IReadOnlyList<string> CommonPrefixes { get; init; } = [];

    /// <summary>Reads the XML.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static ListMultipartUploadsResult Parse(string xml)
    {
        var root = OssXml.Parse(xml, "ListMultipartUploadsResult");
        var encoding = KeyEncoding.Of(root);
        return new ListMultipartUploadsResult
        {
            Bucket = root.Required("Bucket"),
            Prefix = encoding.Find(root, "Prefix") ?? "",
            Delimiter = encoding.Find(root, "Delimiter") is { Length: > 0 } delimiter ? delimiter : null,
            KeyMarker = encoding.Find(root, "KeyMarker") ?? "",
            UploadIdMarker = root.Element("UploadIdMarker")?.Value ?? "",
            NextKeyMarker = encoding.Find(root, "NextKeyMarker") ?? "",
            NextUploadIdMarker = root.Element("NextUploadIdMarker")?.Value ?? "",
            MaxUploads = root.Number("MaxUploads", OssLimits.MaxUploadsPerPage),
            IsTruncated = root.Element("IsTruncated")?.Value == "true",
            Uploads = [.. root.Elements("Upload").Select(upload => new ListedUpload(
                encoding.Read(upload, "Key"), upload.Required("UploadId"), upload.Time("Initiated"), upload.Element("StorageClass")?.Value))],
            CommonPrefixes = encoding.ReadCommonPrefixes(root),
        };
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKeys">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKeys)
    {
        var encoding = KeyEncoding.For(
            encodeKeys, [Prefix, Delimiter, KeyMarker, NextKeyMarker, .. Uploads.Select(upload => upload.Key), .. CommonPrefixes]);
        return OssXml.Write(new XElement(
            "ListMultipartUploadsResult",
            encoding.Type,
            new XElement("Bucket", Bucket),
            encoding.Element("KeyMarker", KeyMarker),
            KeyEncoding.For(asked: false, [UploadIdMarker]).Element("UploadIdMarker", UploadIdMarker),
            encoding.Element("NextKeyMarker", NextKeyMarker),
            new XElement("NextUploadIdMarker", NextUploadIdMarker),
            encoding.Element("Delimiter", Delimiter ?? ""),
            encoding.Element("Prefix", Prefix),
            new XElement("MaxUploads", MaxUploads),
            new XElement("IsTruncated", IsTruncated),
            Uploads.Select(upload => new XElement(
                "Upload",
                encoding.Element("Key", upload.Key),
                new XElement("UploadId", upload.UploadId),
                upload.StorageClass is null ? null : new XElement("StorageClass", upload.StorageClass),
                new XElement("Initiated", OssXml.Time(upload.Initiated)))),
            encoding.CommonPrefixes(CommonPrefixes)));
    }
}
