using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Fills in the template of a callback's body. Source: OSS documentation, "Callback", and what OSS was seen to send.</summary>
internal static class CallbackBody
{
    /// <summary>Replaces each <c>${name}</c> in one pass: what a value holds is never taken for a variable.</summary>
    /// <param name="template">The template; all but its variables is literal.</param>
    /// <param name="type">How values are written.</param>
    /// <param name="values">Finds a value: text, a number (<see cref="long"/>), or null for what is unknown or empty.</param>
    public static string Fill(string template, CallbackBodyType type, Func<string, object?> values)
    {
        var body = new StringBuilder(template.Length + 256);
        for (var position = 0; position < template.Length;)
        {
            var start = template.IndexOf("${", position, StringComparison.Ordinal);
            var end = start < 0 ? -1 : template.IndexOf('}', start);
            if (end < 0)
            {
                return body.Append(template, position, template.Length - position).ToString();
            }

            body.Append(template, position, start - position);
            var value = values(template[(start + 2)..end]);
            body.Append(type == CallbackBodyType.Json ? Json(value) : Form(value));
            position = end + 1;
        }

        return body.ToString();
    }

    /// <summary>What OSS has against a template; null when nothing. Source: EC page 0007-00000105.</summary>
    public static string? FaultOf(string template)
    {
        for (var dollar = template.IndexOf('$', StringComparison.Ordinal); dollar >= 0; dollar = template.IndexOf('$', dollar + 1))
        {
            if (dollar + 1 == template.Length || template[dollar + 1] != '{')
            {
                return "Left brace must be adjacent to dollar sign.";
            }

            if (template.IndexOf('}', dollar) < 0)
            {
                return "A variable of the callbackBody has no right brace.";
            }
        }

        return null;
    }

    private static string Form(object? value) => OssEncoding.Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

    // Strings come with their own quotes, numbers bare.
    private static string Json(object? value) => value switch
    {
        long number => number.ToString(CultureInfo.InvariantCulture),
        string text => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"",
        _ => "\"\"",
    };
}
