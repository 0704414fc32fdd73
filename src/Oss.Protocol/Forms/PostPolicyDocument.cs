using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Oss.Protocol;

/// <summary>A policy as it arrives with a form, and the check of the form against it. Source: OSS documentation, "Appendix: Policy", EC pages 0006-*.</summary>
public sealed class PostPolicyDocument
{
    private readonly List<Condition> _conditions;

    private PostPolicyDocument(DateTimeOffset expiration, List<Condition> conditions, long minSize, long maxSize)
    {
        Expiration = expiration;
        _conditions = conditions;
        MinSize = minSize;
        MaxSize = maxSize;
    }

    /// <summary>From this time on the policy is void.</summary>
    public DateTimeOffset Expiration { get; }

    /// <summary>Smallest file that all content-length-range conditions allow, in bytes.</summary>
    public long MinSize { get; }

    /// <summary>Largest file that all content-length-range conditions allow, in bytes.</summary>
    public long MaxSize { get; }

    /// <summary>Reads a policy.</summary>
    /// <param name="policyBase64">The form's field <c>policy</c>.</param>
    /// <param name="document">The policy read.</param>
    /// <param name="error">InvalidPolicyDocument with what is wrong.</param>
    public static bool TryParse(string policyBase64, [NotNullWhen(true)] out PostPolicyDocument? document, [NotNullWhen(false)] out OssError? error)
    {
        document = null;
        error = null;
        try
        {
            if (!OssEncoding.TryDecodeBase64(policyBase64, out var json))
            {
                throw new InvalidPolicyException("Invalid Policy: the policy is not base64.", "0006-00000201");
            }

            document = Parse(json);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a string whose bytes or escapes are no Unicode text.
            error = new OssError(OssErrorCode.InvalidPolicyDocument, "Invalid Policy: the policy is not JSON.", "0006-00000201");
        }
        catch (InvalidPolicyException e)
        {
            error = new OssError(OssErrorCode.InvalidPolicyDocument, e.Message, e.Ec);
        }

        return false;
    }

    /// <summary>Checks a form but for the size of its file.</summary>
    /// <param name="fields">The form's fields before <c>file</c>; names compared ignoring case.</param>
    /// <param name="bucket">The bucket that the form was sent to.</param>
    /// <param name="now">The time.</param>
    /// <returns>AccessDenied with the condition that failed, or null.</returns>
    public OssError? Check(IReadOnlyDictionary<string, string> fields, string bucket, DateTimeOffset now)
    {
        if (now >= Expiration)
        {
            return new OssError(OssErrorCode.AccessDenied, "Invalid according to Policy: Policy expired.", "0006-00000213");
        }

        // With V4, the policy must itself fix what the signature is made of.
        foreach (var name in (string[])["x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-security-token"])
        {
            if (fields.ContainsKey("x-oss-signature-version") && fields.ContainsKey(name) && !_conditions.Any(condition => condition.IsEqualOn(name)))
            {
                return new OssError(OssErrorCode.InvalidPolicyDocument, $"Invalid Policy: the conditions must contain {name}.", "0006-00000226");
            }
        }

        foreach (var condition in _conditions)
        {
            var value = condition.Field.Equals("bucket", StringComparison.OrdinalIgnoreCase) ? bucket : fields.GetValueOrDefault(condition.Field);
            if (value is null || !condition.Holds(value))
            {
                return new OssError(
                    OssErrorCode.AccessDenied, $"Invalid according to Policy: Policy Condition failed: {condition.Text}", value is null ? "0006-00000226" : "0006-00000227");
            }
        }

        return null;
    }

    private static PostPolicyDocument Parse(byte[] json)
    {
        using var parsed = JsonDocument.Parse(json);
        var root = parsed.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidPolicyException("Invalid Policy: the policy is not a JSON object.", "0006-00000201");
        }

        var hasConditions = root.TryGetProperty("conditions", out var list);
        if (!root.TryGetProperty("expiration", out var expirationText))
        {
            throw new InvalidPolicyException("Invalid Policy: Policy missing expiration.", hasConditions ? "0006-00000208" : "0006-00000209");
        }

        if (!DateTimeOffset.TryParseExact(
                expirationText.ValueKind == JsonValueKind.String ? expirationText.GetString() : null,
                ["yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var expiration))
        {
            throw new InvalidPolicyException(
                "Invalid Policy: Invalid 'expiration' value.",
                expirationText.ValueKind != JsonValueKind.String ? "0006-00000210" : expirationText.GetString()!.Length == 0 ? "0006-00000211" : null);
        }

        if (!hasConditions)
        {
            throw new InvalidPolicyException("Invalid Policy: Policy missing conditions.", "0006-00000207");
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidPolicyException("Invalid Policy: Invalid 'conditions' value: must be a List.", "0006-00000214");
        }

        if (list.GetArrayLength() == 0)
        {
            throw new InvalidPolicyException("Invalid Policy: Policy missing conditions.", "0006-00000207");
        }

        var conditions = new List<Condition>();
        long min = 0, max = OssLimits.MaxSimpleUploadSize;
        foreach (var item in list.EnumerateArray())
        {
            if (Range(item) is { } range)
            {
                (min, max) = (Math.Max(min, range.Min), Math.Min(max, range.Max));
            }
            else
            {
                conditions.Add(Condition.Parse(item));
            }
        }

        return new PostPolicyDocument(expiration, conditions, min, max);
    }

    private static (long Min, long Max)? Range(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() == 0 || item[0].ValueKind != JsonValueKind.String
            || !string.Equals(item[0].GetString(), "content-length-range", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return item.GetArrayLength() == 3
            && item[1].ValueKind == JsonValueKind.Number && item[1].TryGetInt64(out var min)
            && item[2].ValueKind == JsonValueKind.Number && item[2].TryGetInt64(out var max)
            && min >= 0 && max >= 0
            ? max >= min ? (min, max) : throw new InvalidPolicyException("Invalid Policy: Invalid content-length-range.", "0006-00000219")
            : throw new InvalidPolicyException("Invalid Policy: Invalid content-length-range.", "0006-00000221");
    }

    private sealed record Condition(string Operator, string Field, IReadOnlyList<string> Values, string Text)
    {
        public static Condition Parse(JsonElement item) => item.ValueKind switch
        {
            JsonValueKind.Object => ParseObject(item),
            JsonValueKind.Array => ParseList(item),
            _ => throw new InvalidPolicyException("Invalid Policy: Invalid 'conditions' item: must be an Object or a List.", "0006-00000222"),
        };

        public bool IsEqualOn(string field) => Operator == "eq" && Field.Equals(field, StringComparison.OrdinalIgnoreCase);

        public bool Holds(string value) => Operator switch
        {
            "eq" => value == Values[0],
            "starts-with" => value.StartsWith(Values[0], StringComparison.Ordinal),
            "in" => Values.Contains(value, StringComparer.Ordinal),
            _ => !Values.Contains(value, StringComparer.Ordinal),
        };

        private static Condition ParseObject(JsonElement item)
        {
            var members = item.EnumerateObject().ToArray();
            return members is [{ Value.ValueKind: JsonValueKind.String } member]
                ? Create("eq", member.Name, [member.Value.GetString()!])
                : throw new InvalidPolicyException("Invalid Policy: Invalid Simple-Condition: must have exactly one property, a string.", null);
        }

        private static Condition ParseList(JsonElement item)
        {
            var parts = item.EnumerateArray().ToArray();
            if (parts.Length == 0 || parts[0].ValueKind != JsonValueKind.String)
            {
                throw new InvalidPolicyException("Invalid Policy: Invalid Condition: the operator is missing.", "0006-00000216");
            }

            var name = parts[0].GetString()!.ToLowerInvariant();
            if (name is ("eq" or "starts-with" or "in" or "not-in") && parts.Length > 3)
            {
                throw new InvalidPolicyException($"Invalid Policy: Invalid Condition: {item.GetRawText()}", "0006-00000218");
            }

            if (name is not ("eq" or "starts-with" or "in" or "not-in") || parts.Length != 3
                || parts[1].ValueKind != JsonValueKind.String || parts[1].GetString() is not ['$', _, ..] field)
            {
                throw new InvalidPolicyException($"Invalid Policy: Invalid Condition: {item.GetRawText()}", null);
            }

            var isList = name is "in" or "not-in";
            if (parts[2].ValueKind != (isList ? JsonValueKind.Array : JsonValueKind.String)
                || (isList && parts[2].EnumerateArray().Any(value => value.ValueKind != JsonValueKind.String)))
            {
                throw new InvalidPolicyException($"Invalid Policy: Invalid Condition: {item.GetRawText()}", null);
            }

            return Create(name, field[1..], isList ? [.. parts[2].EnumerateArray().Select(value => value.GetString()!)] : [parts[2].GetString()!]);
        }

        private static Condition Create(string name, string field, string[] values)
        {
            var shown = values.Length == 1 && name is "eq" or "starts-with" ? JsonEncodedText.Encode(values[0]).Value : string.Join("\", \"", values.Select(v => JsonEncodedText.Encode(v).Value));
            return new Condition(
                name, field, [.. values.Select(value => value.Replace("\\$", "$", StringComparison.Ordinal))],
                $"[\"{name}\", \"${field}\", {(name is "in" or "not-in" ? $"[\"{shown}\"]" : $"\"{shown}\"")}]");
        }
    }

    private sealed class InvalidPolicyException(string message, string? ec) : Exception(message)
    {
        public string? Ec { get; } = ec;
    }
}
