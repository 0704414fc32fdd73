using System.Text;
using System.Text.Json;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// One member of the answer to a callback: text with fields such as <c>{id}</c>. A field alone keeps its kind, so that <c>{size}</c> is a number and what is not known null; in other text
/// it is written out. Braces that are to stay are doubled.
/// </summary>
internal sealed class AnswerTemplate
{
    private const string VariablePrefix = "variables.";

    private static readonly Dictionary<string, Func<UploadAnswer, object?>> Fields = new(StringComparer.Ordinal)
    {
        ["id"] = answer => answer.Id,
        ["profile"] = answer => answer.Grant.Profile,
        ["subject"] = answer => answer.Grant.Subject,
        ["bucket"] = answer => answer.Bucket,
        ["key"] = answer => answer.Key,
        ["size"] = answer => answer.Told?.Size,
        ["etag"] = answer => answer.Told?.ETag,
        ["crc64"] = answer => answer.Told?.Crc64,
        ["contentType"] = answer => answer.Told?.ContentType,
        ["operation"] = answer => answer.Told?.Operation,
        ["ossRequestId"] = answer => answer.Told?.OssRequestId,
        [CallbackFields.ClientIp] = answer => answer.Told?.Claims?.ClientIp,
        [CallbackFields.ImageHeight] = answer => (long?)answer.Told?.Claims?.ImageInfo?.Height,
        [CallbackFields.ImageWidth] = answer => (long?)answer.Told?.Claims?.ImageInfo?.Width,
        [CallbackFields.ImageFormat] = answer => answer.Told?.Claims?.ImageInfo?.Format,
        [CallbackFields.ContentMd5] = answer => answer.Told?.Claims?.ContentMd5,
        [CallbackFields.VpcId] = answer => answer.Told?.Claims?.VpcId,
    };

    // Text and fields in turn: text first, and empty where two fields touch.
    private readonly List<string> _texts = [];
    private readonly List<Func<UploadAnswer, object?>> _fields = [];

    private AnswerTemplate()
    {
    }

    /// <summary>How many fields it has: each may be as long as a key.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>Reads a template.</summary>
    /// <param name="template">The text.</param>
    /// <param name="profile">Whose fields and variables it may name.</param>
    /// <returns>The template, or what is wrong with it.</returns>
    public static (AnswerTemplate? Template, string? Fault) Parse(string template, CallbackProfileOptions profile)
    {
        var read = new AnswerTemplate();
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var isDoubled = i + 1 < template.Length && template[i + 1] == template[i];
            if (template[i] is not ('{' or '}') || isDoubled)
            {
                i += template[i] is '{' or '}' ? 1 : 0;
                text.Append(template[i]);
                continue;
            }

            var end = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                return (null, "it has a lone brace (one that is to stay is doubled)");
            }

            var name = template[(i + 1)..end];
            if (FieldOf(name, profile) is not { } field)
            {
                return (null, $"it has {{{name}}}: expected one of {string.Join(", ", NamesOf(profile))}");
            }

            read._texts.Add(text.ToString());
            read._fields.Add(field);
            text.Clear();
            i = end;
        }

        read._texts.Add(text.ToString());
        return (read, null);
    }

    /// <summary>Writes the member's value.</summary>
    public void Write(Utf8JsonWriter writer, UploadAnswer answer)
    {
        if (_fields is [var only] && _texts is ["", ""])
        {
            WriteAlone(writer, only(answer));
            return;
        }

        var text = new StringBuilder(_texts[0]);
        for (var i = 0; i < _fields.Count; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{_fields[i](answer)}{_texts[i + 1]}");
        }

        writer.WriteStringValue(text.ToString());
    }

    private static void WriteAlone(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case long number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static Func<UploadAnswer, object?>? FieldOf(string name, CallbackProfileOptions profile)
    {
        if (!NamesOf(profile).Contains(name, StringComparer.Ordinal))
        {
            return null;
        }

        var variable = name.StartsWith(VariablePrefix, StringComparison.Ordinal) ? name[VariablePrefix.Length..] : null;
        return variable is null ? Fields[name] : answer => answer.Grant.Variables?.GetValueOrDefault(variable);
    }

    private static IEnumerable<string> NamesOf(CallbackProfileOptions profile) =>
        Fields.Keys.Where(name => !CallbackFields.All.Contains(name, StringComparer.Ordinal) || profile.Fields.Contains(name, StringComparer.Ordinal))
            .Concat(profile.Variables.Keys.Select(name => VariablePrefix + name));
}
