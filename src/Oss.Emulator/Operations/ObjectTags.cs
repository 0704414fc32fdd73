using System.Text.RegularExpressions;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>What OSS takes for an object's tags: at most 10, each key once, of letters, digits, blanks and some signs. Source: OSS documentation, "Object tagging", EC 0010-*.</summary>
internal static partial class ObjectTags
{
    public const string Header = "x-oss-tagging";

    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 256;

    /// <summary>Reads <c>x-oss-tagging</c>: keys and values encoded as in a query, <c>a=1&amp;b</c>, a space also as "+". Null when there is no tag.</summary>
    public static IReadOnlyList<ObjectTag>? Parse(string? header) =>
        string.IsNullOrEmpty(header) ? null : Checked(header.Replace('+', ' ').Split('&').Select(pair => pair.Split('=') switch
        {
            [var key] => new ObjectTag(OssEncoding.Decode(key), ""),
            [var key, var value] => new ObjectTag(OssEncoding.Decode(key), OssEncoding.Decode(value)),
            _ => throw Refusals.InvalidTag("The format of the object tag is not key=value.", "0010-00000219"),
        }));

    /// <summary>The tags, if OSS would take them; null for none.</summary>
    public static IReadOnlyList<ObjectTag>? Checked(IEnumerable<ObjectTag> given)
    {
        var tags = given.ToArray();
        if (tags.Any(tag => tag.Key.Length > MaxKeyLength))
        {
            throw Refusals.InvalidTag($"A tag key is longer than {MaxKeyLength} characters.", "0010-00000209");
        }

        if (tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal).Count() < tags.Length)
        {
            throw Refusals.InvalidTag("A tag key is there twice.", "0010-00000210");
        }

        return tags.Length > OssLimits.MaxObjectTags || tags.Any(tag => tag.Key.Length == 0 || tag.Value.Length > MaxValueLength || !Allowed().IsMatch(tag.Key + tag.Value))
            ? throw Refusals.InvalidTag(
                $"An object has at most {OssLimits.MaxObjectTags} tags; keys have 1 to {MaxKeyLength} and values up to {MaxValueLength} letters, digits, blanks and + - = . _ : /", "0010-00000217")
            : tags.Length == 0 ? null : tags;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9 +\-=._:/]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
