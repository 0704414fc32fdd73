using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Lines of ossimport's http.list: a URL prefix, white space, and the rest of the URL's path as plain text, which is the object's key too.</summary>
internal static class HttpListEntry
{
    public static bool IsComment(ReadOnlySpan<byte> line) => line.TrimStart(" \t"u8) is [(byte)'#', ..];

    public static ManifestMembers Read(string line)
    {
        var members = new ManifestMembers();
        var text = line.Trim(' ', '\t');
        var gap = text.IndexOfAny([' ', '\t']);
        if (gap < 0)
        {
            return members.Fail("It needs two columns with white space between: URL prefix and relative path.");
        }

        var path = text[gap..].TrimStart(' ', '\t');
        members.Set("url", text[..gap] + OssEncoding.EncodePath(path));

        // OSS takes no key with a slash in front; after a prefix without one it belongs to the URL alone.
        members.Set("key", path is ['/', ..] ? path[1..] : path);
        return members;
    }
}
