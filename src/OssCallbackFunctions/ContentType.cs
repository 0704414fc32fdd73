using System.Net.Http.Headers;

namespace OssCallbackFunctions;

/// <summary>Content types as they can be signed: every client must send them to the letter.</summary>
internal static class ContentType
{
    public const string Default = "application/octet-stream";

    /// <summary>Whether it is a media type in printable ASCII, without white space at the ends; no range of types, which browsers take for "look into it".</summary>
    public static bool IsValid(string text) =>
        text.All(c => c is >= ' ' and <= '~' and not '*') && text == text.Trim() && MediaTypeHeaderValue.TryParse(text, out _);
}
