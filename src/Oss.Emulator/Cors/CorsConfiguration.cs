using System.Buffers;
using System.Globalization;
using System.Xml.Linq;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Cors;

/// <summary>The CORS rules of a bucket. The first one that fits a request decides.</summary>
/// <param name="Rules">One to ten.</param>
/// <param name="ResponseVary">Whether every reply has <c>Vary: Origin</c>, also one that has nothing to do with CORS.</param>
internal sealed record CorsConfiguration(IReadOnlyList<CorsRule> Rules, bool ResponseVary)
{
    public const int MaxBytes = 16 * 1024;

    private const string Root = "CORSConfiguration";
    private const int MaxRules = 10;
    private const int MaxSeconds = 999_999_999;
    private static readonly SearchValues<char> NotInExposeHeader = SearchValues.Create("*<>&'\"");
    private static readonly string[] Methods = ["GET", "PUT", "DELETE", "POST", "HEAD"];

    /// <summary>Reads the body of PutBucketCors.</summary>
    /// <exception cref="System.Xml.XmlException">It is no such document.</exception>
    public static CorsConfiguration Parse(string xml)
    {
        var root = OssXml.Parse(xml, Root);
        var configuration = new CorsConfiguration([.. root.Elements("CORSRule").Select(ParseRule)], root.Element("ResponseVary")?.Value switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw Refusals.MalformedXml("ResponseVary is true or false."),
        });
        configuration.Check();
        return configuration;
    }

    /// <summary>Writes the reply to GetBucketCors.</summary>
    public XElement ToXml() => new(
        Root,
        Rules.Select(rule => new XElement(
            "CORSRule",
            rule.AllowedOrigins.Select(origin => new XElement("AllowedOrigin", origin)),
            rule.AllowedMethods.Select(method => new XElement("AllowedMethod", method)),
            rule.AllowedHeaders.Select(header => new XElement("AllowedHeader", header)),
            rule.ExposeHeaders.Select(header => new XElement("ExposeHeader", header)),
            rule.MaxAgeSeconds is { } seconds ? new XElement("MaxAgeSeconds", seconds) : null)),
        new XElement("ResponseVary", ResponseVary));

    /// <summary>The rule for requests of this method from this origin; null when there is none.</summary>
    public CorsRule? Find(string origin, string method, IReadOnlyList<string> headers) => Rules.FirstOrDefault(rule => rule.Matches(origin, method) && headers.All(rule.Allows));

    /// <summary>Refuses what OSS does not take.</summary>
    public void Check()
    {
        if (Rules.Count == 0)
        {
            throw Refusals.MalformedXml("There is no CORSRule.", "0034-00000002");
        }

        if (Rules.Count > MaxRules)
        {
            throw Refusals.TooManyCorsRules();
        }

        foreach (var rule in Rules)
        {
            if (rule.AllowedOrigins.Count == 0 || rule.AllowedMethods.Count == 0)
            {
                throw Refusals.MalformedXml("A CORSRule needs an AllowedOrigin and an AllowedMethod.");
            }

            Check("AllowedOrigin", rule.AllowedOrigins, HasOneStarAtMost, null);
            Check("AllowedMethod", rule.AllowedMethods, method => Methods.Contains(method, StringComparer.Ordinal), "0034-00000011");
            Check("AllowedHeader", rule.AllowedHeaders, HasOneStarAtMost, null);
            Check("ExposeHeader", rule.ExposeHeaders, header => header.Length > 0 && !header.AsSpan().ContainsAny(NotInExposeHeader), "0034-00000013");
            if (rule.MaxAgeSeconds is < 0 or > MaxSeconds)
            {
                throw Invalid("MaxAgeSeconds", rule.MaxAgeSeconds.Value.ToString(CultureInfo.InvariantCulture), null);
            }
        }
    }

    private static CorsRule ParseRule(XElement rule) => new()
    {
        AllowedOrigins = Texts(rule, "AllowedOrigin"),
        AllowedMethods = Texts(rule, "AllowedMethod"),
        AllowedHeaders = Texts(rule, "AllowedHeader"),
        ExposeHeaders = Texts(rule, "ExposeHeader"),
        MaxAgeSeconds = Texts(rule, "MaxAgeSeconds") switch
        {
            [] => null,
            [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => seconds,
            [var text] => throw Invalid("MaxAgeSeconds", text, null),
            _ => throw Refusals.MalformedXml("A CORSRule has one MaxAgeSeconds at most."),
        },
    };

    private static string[] Texts(XElement rule, string name) => [.. rule.Elements(name).Select(element => element.Value.Trim())];

    private static bool HasOneStarAtMost(string text) => text.Length > 0 && text.Count(c => c == '*') <= 1;

    // What is stored goes into headers, which carry no control characters.
    private static void Check(string name, IReadOnlyList<string> texts, Func<string, bool> isValid, string? ec)
    {
        if (texts.FirstOrDefault(text => !isValid(text) || text.Any(char.IsControl)) is { } invalid)
        {
            throw Invalid(name, invalid, ec);
        }
    }

    private static OssException Invalid(string name, string value, string? ec) =>
        Refusals.InvalidArgument(name, value, $"The value of {name} in a CORS rule is invalid.", ec);
}
