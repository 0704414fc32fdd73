using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Oss.Protocol;

/// <summary>
/// What a PostObject form may contain, and until when. Fields that no condition names are accepted by OSS as they come (unlike S3), so name every field that matters.
/// Source: OSS documentation, "Appendix: Policy".
/// </summary>
public sealed class PostPolicy
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

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
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            Write(json);
        }

        return Convert.ToBase64String(buffer.WrittenSpan);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("expiration", _expiration.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteStartArray("conditions");
        foreach (var condition in _conditions)
        {
            condition.Write(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private PostPolicy Add(Condition condition)
    {
        _conditions.Add(condition);
        return this;
    }

    private readonly record struct Condition(string? Operator, string? Field, string? Value, IReadOnlyList<string>? Values, long Min, long Max)
    {
        public void Write(Utf8JsonWriter json)
        {
            if (Operator is null)
            {
                json.WriteStartObject();
                json.WriteString(Field!, Escape(Value!));
                json.WriteEndObject();
                return;
            }

            json.WriteStartArray();
            json.WriteStringValue(Operator);
            if (Field is null)
            {
                json.WriteNumberValue(Min);
                json.WriteNumberValue(Max);
            }
            else
            {
                json.WriteStringValue("$" + Field);
                WriteValue(json);
            }

            json.WriteEndArray();
        }

        private void WriteValue(Utf8JsonWriter json)
        {
            if (Values is null)
            {
                json.WriteStringValue(Escape(Value!));
                return;
            }

            json.WriteStartArray();
            foreach (var value in Values)
            {
                json.WriteStringValue(Escape(value));
            }

            json.WriteEndArray();
        }

        // In a policy "$" begins a field's name; as text it is written "\$".
        private static string Escape(string value) => value.Contains('$', StringComparison.Ordinal) ? value.Replace("$", "\\$", StringComparison.Ordinal) : value;
    }
}
