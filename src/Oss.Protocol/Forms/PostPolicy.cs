using System.Globalization;

namespace Oss.Protocol;

/// <summary>
/// What a PostObject form may contain, and until when. Fields that no condition names are accepted by OSS as they come (unlike S3), so name every field that matters.
/// Source: OSS documentation, "Appendix: Policy".
/// </summary>
public sealed class PostPolicy
{
    private const int StackBytes = 2048;

    private readonly List<Condition> _conditions = new(16);
    private readonly DateTimeOffset _expiration;

    /// <summary>A policy without conditions yet.</summary>
    /// <param name="expiration">From this time on OSS refuses the form.</param>
    public PostPolicy(DateTimeOffset expiration)
    {
        _expiration = expiration;
    }

    /// <summary>The field must be in the form and have this value (<c>bucket</c> means the bucket that the form is sent to).</summary>
    public PostPolicy Equal(string field, string value) => Add(new(null, field, value, null, 0, 0));

    /// <summary>The field must be in the form and begin with the prefix; "" means that it must merely be there.</summary>
    public PostPolicy StartsWith(string field, string prefix) => Add(new("starts-with", field, prefix, null, 0, 0));

    /// <summary>The field must be in the form and have one of these values.</summary>
    public PostPolicy In(string field, params IReadOnlyList<string> values) => Add(new("in", field, null, values, 0, 0));

    /// <summary>The field must be in the form and have none of these values.</summary>
    public PostPolicy NotIn(string field, params IReadOnlyList<string> values) => Add(new("not-in", field, null, values, 0, 0));

    /// <summary>The file must have at least <paramref name="min"/> and at most <paramref name="max"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or they are the wrong way round.</exception>
    public PostPolicy ContentLengthRange(long min, long max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        return Add(new("content-length-range", null, null, null, min, max));
    }

    /// <summary>The policy as the form's field <c>policy</c> has it, and as it is signed: base64 of its JSON text.</summary>
    public string ToBase64()
    {
        var json = new Utf8Buffer(stackalloc byte[StackBytes]);
        Write(ref json);
        return json.ToBase64AndDispose();
    }

    private void Write(ref Utf8Buffer json)
    {
        // yyyy-MM-ddTHH:mm:ss.fff of the round-trip format, which unlike one of our own is written without parsing it.
        Span<char> expiration = stackalloc char[32];
        _expiration.UtcDateTime.TryFormat(expiration, out _, "O", CultureInfo.InvariantCulture);
        json.Append("{\"expiration\":\""u8);
        json.Append(expiration[..23]);
        json.Append("Z\",\"conditions\":["u8);
        var separator = ""u8;
        foreach (var condition in _conditions)
        {
            json.Append(separator);
            separator = ","u8;
            condition.Write(ref json);
        }

        json.Append("]}"u8);
    }

    // In a policy "$" begins a field's name; as text it is written "\$".
    private static void WriteText(ref Utf8Buffer json, string value) => json.AppendJson(value.Replace("$", "\\$", StringComparison.Ordinal));

    private PostPolicy Add(Condition condition)
    {
        _conditions.Add(condition);
        return this;
    }

    private readonly record struct Condition(string? Operator, string? Field, string? Value, IReadOnlyList<string>? Values, long Min, long Max)
    {
        public void Write(ref Utf8Buffer json)
        {
            if (Operator is null)
            {
                json.Append((byte)'{');
                json.AppendJson(Field);
                json.Append((byte)':');
                WriteText(ref json, Value!);
                json.Append((byte)'}');
                return;
            }

            json.Append((byte)'[');
            json.AppendJson(Operator);
            if (Field is null)
            {
                json.Append(string.Create(CultureInfo.InvariantCulture, $",{Min},{Max}]"));
                return;
            }

            json.Append((byte)',');
            json.AppendJson("$" + Field);
            json.Append((byte)',');
            WriteValue(ref json);
            json.Append((byte)']');
        }

        private void WriteValue(ref Utf8Buffer json)
        {
            if (Values is null)
            {
                WriteText(ref json, Value!);
                return;
            }

            json.Append((byte)'[');
            for (var i = 0; i < Values.Count; i++)
            {
                if (i > 0)
                {
                    json.Append((byte)',');
                }

                WriteText(ref json, Values[i]);
            }

            json.Append((byte)']');
        }
    }
}
