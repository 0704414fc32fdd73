using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OssCallbackFunctions;

/// <summary>JSON of others. Text that is no Unicode (half of a surrogate pair, bytes that are no UTF-8) would fail where it is looked at, which may be anywhere; here it fails at once.</summary>
internal static class StrictJson
{
    /// <summary>Reads JSON.</summary>
    /// <exception cref="JsonException">It is no JSON, has text that is no Unicode, or does not fit the type.</exception>
    public static T? Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        // Only these can be other than Unicode.
        if (!Ascii.IsValid(json) || json.IndexOf("\\u"u8) >= 0)
        {
            RefuseBrokenText(json);
        }

        return JsonSerializer.Deserialize(json, type);
    }

    private static void RefuseBrokenText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
            catch (InvalidOperationException e)
            {
                var before = json[..(int)reader.TokenStartIndex];
                throw new JsonException("A text is no Unicode.", null, before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1), e);
            }
        }
    }
}
