using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>Body of PutBucketLifecycle and reply to GetBucketLifecycle. What rules do beside aborting multipart uploads is read over. Source: OSS documentation, "PutBucketLifecycle".</summary>
/// <param name="Rules">One to 1,000.</param>
public sealed record LifecycleConfiguration(IReadOnlyList<LifecycleRule> Rules)
{
    private const string Root = "LifecycleConfiguration";

    /// <summary>Reads the XML.</summary>
    /// <exception cref="XmlException">It is no such document, or a rule has no status.</exception>
    public static LifecycleConfiguration Parse(string xml)
    {
        var rules = OssXml.Parse(xml, Root).Elements("Rule").Select(rule => new LifecycleRule(
            rule.Element("ID")?.Value,
            rule.Element("Prefix")?.Value ?? "",
            rule.Required("Status") is var status && status is "Enabled" or "Disabled" ? status == "Enabled" : throw new XmlException($"Status is '{status}'."),
            rule.Element("AbortMultipartUpload")?.Number("Days"))).ToArray();
        return rules.Length > 0 ? new(rules) : throw new XmlException($"{Root} has no Rule element.");
    }

    /// <summary>Writes the XML.</summary>
    public string ToXml() => OssXml.Write(new XElement(Root, Rules.Select(rule => new XElement(
        "Rule",
        rule.Id is null ? null : new XElement("ID", rule.Id),
        new XElement("Prefix", rule.Prefix),
        new XElement("Status", rule.IsEnabled ? "Enabled" : "Disabled"),
        rule.AbortDays is { } days ? new XElement("AbortMultipartUpload", new XElement("Days", days.ToString(CultureInfo.InvariantCulture))) : null))));
}

/// <summary>A rule for objects, or open multipart uploads, whose keys begin with a prefix.</summary>
/// <param name="Id">What the rule is called; null: OSS makes one up.</param>
/// <param name="Prefix">Empty: the whole bucket.</param>
/// <param name="IsEnabled">Whether OSS carries it out.</param>
/// <param name="AbortDays">Days from its beginning until OSS aborts a multipart upload; null: the rule does not say, or names a date.</param>
public sealed record LifecycleRule(string? Id, string Prefix, bool IsEnabled, int? AbortDays);
