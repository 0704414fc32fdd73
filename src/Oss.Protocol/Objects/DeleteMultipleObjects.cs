using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Body of DeleteMultipleObjects: the objects to delete.</summary>
/// <param name="Quiet">Whether the reply leaves out what was deleted.</param>
/// <param name="Objects">Key and, for one version of an object, version id; at most 1,000.</param>
public sealed record DeleteMultipleObjects(bool Quiet, IReadOnlyList<(string Key, string? VersionId)> Objects)
{
    /// <summary>Reads the XML. Keys are taken as they are, with the white space around them.</summary>
    /// <exception cref="XmlException">It is no such document, or it has no object, or an object has no key.</exception>
    public static DeleteMultipleObjects Parse(string xml)
    {
        var root = OssXml.Parse(xml, "Delete", anyCharacter: true);
        var objects = root.Elements("Object").Select(item => (item.Required("Key"), item.Element("VersionId")?.Value)).ToArray();
        var quiet = root.Element("Quiet")?.Value.Trim() switch
        {
            null or "" or "false" => false,
            "true" => true,
            _ => throw new XmlException("Quiet is neither true nor false."),
        };
        return objects.Length > 0 ? new(quiet, objects) : throw new XmlException("Delete has no Object element.");
    }

    /// <summary>Writes the XML.</summary>
    public string ToXml() => OssXml.Write(new XElement(
        "Delete",
        new XElement("Quiet", Quiet),
        Objects.Select(item => new XElement("Object", new XElement("Key", item.Key), item.VersionId is null ? null : new XElement("VersionId", item.VersionId)))));
}

/// <summary>An object that DeleteMultipleObjects deleted.</summary>
/// <param name="Key">Key.</param>
/// <param name="VersionId">The version that was asked for by its id; null otherwise.</param>
/// <param name="MarkerVersionId">Version id of the delete marker that a bucket with versioning puts in the object's place; null without.</param>
public sealed record DeletedObject(string Key, string? VersionId = null, string? MarkerVersionId = null);

/// <summary>Reply to DeleteMultipleObjects.</summary>
public sealed record DeleteResult(IReadOnlyList<DeletedObject> Deleted)
{
    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document.</exception>
    public static DeleteResult Parse(string xml)
    {
        var root = OssXml.Parse(xml, "DeleteResult");
        var encoding = KeyEncoding.Of(root);
        return new([.. root.Elements("Deleted").Select(item => new DeletedObject(
            encoding.Read(item, "Key"),
            item.Element("VersionId")?.Value,
            item.Element("DeleteMarkerVersionId")?.Value))]);
    }

    /// <summary>Writes the XML.</summary>
    /// <param name="encodeKeys">Whether the request asked for <c>encoding-type=url</c>.</param>
    public string ToXml(bool encodeKeys)
    {
        var encoding = KeyEncoding.For(encodeKeys, Deleted.Select(item => item.Key));
        return OssXml.Write(new XElement(
            "DeleteResult",
            encoding.Type,
            Deleted.Select(item => new XElement(
                "Deleted",
                encoding.Element("Key", item.Key),
                item.VersionId is null ? null : new XElement("VersionId", item.VersionId),
                item.MarkerVersionId is null ? null : new[] { new XElement("DeleteMarker", true), new XElement("DeleteMarkerVersionId", item.MarkerVersionId) }))));
    }
}
