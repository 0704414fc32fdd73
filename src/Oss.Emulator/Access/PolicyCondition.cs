using System.Globalization;
using System.Net;

namespace Oss.Emulator.Access;

/// <summary>One key of one operator in a policy's Condition: it holds when one of its values does. Source: RAM documentation, "Conditional operators".</summary>
internal sealed class PolicyCondition
{
    // By operator: how a value in the policy becomes a test of the request's value; null where the value cannot be.
    private static readonly Dictionary<string, Func<string, Func<string, bool>?>> Operators = new(StringComparer.Ordinal)
    {
        ["StringEquals"] = wanted => actual => actual == wanted,
        ["StringEqualsIgnoreCase"] = wanted => actual => actual.Equals(wanted, StringComparison.OrdinalIgnoreCase),
        ["StringLike"] = wanted => actual => Wildcard.Fits(wanted, actual),
        ["Bool"] = wanted => wanted is "true" or "false" ? actual => actual == wanted : null,
        ["IpAddress"] = wanted => AddressRange.Parse(wanted) is { } range ? actual => IPAddress.TryParse(actual, out var address) && range.Contains(address) : null,
        ["NumericEquals"] = wanted => Compare<decimal>(wanted, TryParseNumber, order => order == 0),
        ["NumericLessThan"] = wanted => Compare<decimal>(wanted, TryParseNumber, order => order < 0),
        ["NumericLessThanEquals"] = wanted => Compare<decimal>(wanted, TryParseNumber, order => order <= 0),
        ["NumericGreaterThan"] = wanted => Compare<decimal>(wanted, TryParseNumber, order => order > 0),
        ["NumericGreaterThanEquals"] = wanted => Compare<decimal>(wanted, TryParseNumber, order => order >= 0),
        ["DateEquals"] = wanted => Compare<DateTimeOffset>(wanted, TryParseTime, order => order == 0),
        ["DateLessThan"] = wanted => Compare<DateTimeOffset>(wanted, TryParseTime, order => order < 0),
        ["DateLessThanEquals"] = wanted => Compare<DateTimeOffset>(wanted, TryParseTime, order => order <= 0),
        ["DateGreaterThan"] = wanted => Compare<DateTimeOffset>(wanted, TryParseTime, order => order > 0),
        ["DateGreaterThanEquals"] = wanted => Compare<DateTimeOffset>(wanted, TryParseTime, order => order >= 0),
    };

    private static readonly Dictionary<string, string> Negations = new(StringComparer.Ordinal)
    {
        ["StringNotEquals"] = "StringEquals",
        ["StringNotEqualsIgnoreCase"] = "StringEqualsIgnoreCase",
        ["StringNotLike"] = "StringLike",
        ["NotIpAddress"] = "IpAddress",
        ["NumericNotEquals"] = "NumericEquals",
        ["DateNotEquals"] = "DateEquals",
    };

    private readonly string _key;
    private readonly IReadOnlyList<Func<string, bool>> _tests;
    private readonly bool _negated;

    private PolicyCondition(string key, IReadOnlyList<Func<string, bool>> tests, bool negated)
    {
        _key = key;
        _tests = tests;
        _negated = negated;
    }

    private delegate bool Parser<T>(string text, out T value);

    /// <summary>Makes a condition of what stands in a policy.</summary>
    /// <exception cref="PolicyException">There is no such operator, the emulator does not know the key, or a value is none for the operator.</exception>
    public static PolicyCondition Create(string @operator, string key, IEnumerable<string> values)
    {
        var negated = Negations.TryGetValue(@operator, out var positive);
        if (!Operators.TryGetValue(positive ?? @operator, out var toTest))
        {
            throw new PolicyException($"There is no condition operator '{@operator}'.");
        }

        if (!PolicyContext.Keys.Contains(key))
        {
            throw new PolicyException($"The emulator does not know the condition key '{key}'.", isUnsupported: true);
        }

        var tests = values.Select(value => toTest(value) ?? throw new PolicyException($"'{value}' is no value for {@operator}.")).ToArray();
        return tests.Length > 0 ? new PolicyCondition(key, tests, negated) : throw new PolicyException($"{@operator} on {key} has no value.");
    }

    /// <summary>Whether it holds. Where the request has no value, nothing equals it: only the negated operators hold.</summary>
    public bool Holds(PolicyContext context) => (context.Find(_key) is { } actual && _tests.Any(test => test(actual))) != _negated;

    private static Func<string, bool>? Compare<T>(string wanted, Parser<T> parse, Func<int, bool> holds)
        where T : IComparable<T> =>
        parse(wanted, out var limit) ? actual => parse(actual, out var value) && holds(value.CompareTo(limit)) : null;

    private static bool TryParseNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    // Without a zone it would mean another time on another machine.
    private static bool TryParseTime(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
}
