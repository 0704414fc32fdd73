using System.Globalization;
using System.Text.Json;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Entries in JSON: an object of <see cref="ManifestMembers.Names"/>, all text but <c>size</c>, and <c>metadata</c>, an object of text; null is as good as left out. Read by hand, so that an
/// error names the member and has nothing of its value.
/// </summary>
internal static class JsonEntry
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2 };

    public static ManifestMembers Read(ReadOnlySpan<byte> line)
    {
        var members = new ManifestMembers();
        var reader = new Utf8JsonReader(line, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return members.Fail("It is no JSON object.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && members.Error is null)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (name == "metadata")
                {
                    ReadMetadata(ref reader, members);
                }
                else
                {
                    ReadMember(ref reader, name, members);
                }
            }

            // What follows the object.
            return members.Error is null && reader.Read() ? members.Fail("It has more than one JSON object.") : members;
        }
        catch (JsonException e)
        {
            return members.Fail($"It is not JSON, at byte {(e.BytePositionInLine ?? 0).ToString(CultureInfo.InvariantCulture)}.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in an escape: what Utf8JsonReader makes no string of.
            return members.Fail("It has text that is not valid Unicode.");
        }
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ManifestMembers members)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            members.Fail("metadata is no object.");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && members.Error is null)
        {
            var name = ManifestMembers.MetadataPrefix + reader.GetString();
            reader.Read();
            ReadText(ref reader, name, members);
        }
    }

    private static void ReadMember(ref Utf8JsonReader reader, string name, ManifestMembers members)
    {
        if (name.StartsWith(ManifestMembers.MetadataPrefix, StringComparison.Ordinal) || !ManifestMembers.Names.Contains(name))
        {
            members.Fail($"The member {ManifestText.Shown(name)} is not known.");
        }
        else if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        else if (name != "size")
        {
            ReadText(ref reader, name, members);
        }
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var size) && size >= 0)
        {
            members.Set(name, size.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            members.Fail("size is no whole number of bytes.");
        }
    }

    private static void ReadText(ref Utf8JsonReader reader, string name, ManifestMembers members)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            members.Set(name, reader.GetString()!);
        }
        else
        {
            members.Fail($"{ManifestText.Shown(name)} is no text.");
        }
    }
}
