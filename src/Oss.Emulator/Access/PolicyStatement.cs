using System.Text.Json;
using System.Text.RegularExpressions;

namespace Oss.Emulator.Access;

/// <summary>A statement of a policy: what it is about, and whether that is allowed or denied.</summary>
internal sealed partial class PolicyStatement
{
    private static readonly HashSet<string> Members = new(StringComparer.Ordinal) { "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition" };

    private readonly IReadOnlyList<string> _actions;
    private readonly IReadOnlyList<string> _resources;
    private readonly IReadOnlyList<PolicyCondition> _conditions;
    private readonly bool _otherActions;
    private readonly bool _otherResources;

    private PolicyStatement(JsonElement json)
    {
        foreach (var member in json.EnumerateObject().Where(member => !Members.Contains(member.Name)))
        {
            throw new PolicyException($"A statement has no element '{member.Name}'.");
        }

        Allows = Text(json, "Effect") switch
        {
            "Allow" => true,
            "Deny" => false,
            var other => throw new PolicyException($"Effect must be Allow or Deny, not '{other}'."),
        };
        (_actions, _otherActions) = Patterns(json, "Action", pattern => ActionPattern().IsMatch(pattern));
        (_resources, _otherResources) = Patterns(json, "Resource", ResourceName.IsPattern);
        _conditions = json.TryGetProperty("Condition", out var conditions) ? [.. Conditions(conditions)] : [];
    }

    /// <summary>Whether it allows what it is about; otherwise it denies it.</summary>
    public bool Allows { get; }

    /// <summary>Reads a statement.</summary>
    /// <exception cref="PolicyException">It is none.</exception>
    public static PolicyStatement Parse(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? new PolicyStatement(json) : throw new PolicyException("A statement must be an object.");

    /// <summary>Whether the statement is about this.</summary>
    public bool IsAbout(string action, string resource, PolicyContext context) =>
        _actions.Any(pattern => Wildcard.FitsIgnoringCase(pattern, action)) != _otherActions
        && _resources.Any(pattern => ResourceName.Fits(pattern, resource)) != _otherResources
        && _conditions.All(condition => condition.Holds(context));

    private static (IReadOnlyList<string> Patterns, bool Others) Patterns(JsonElement json, string name, Func<string, bool> isPattern)
    {
        var others = json.TryGetProperty("Not" + name, out var list);
        if (json.TryGetProperty(name, out var positive) == others)
        {
            throw new PolicyException($"A statement must have either {name} or Not{name}.");
        }

        var patterns = Strings(others ? list : positive, name, strict: true);
        return patterns.FirstOrDefault(pattern => !isPattern(pattern)) is { } wrong
            ? throw new PolicyException($"'{wrong}' is no {name}.")
            : (patterns, others);
    }

    private static IEnumerable<PolicyCondition> Conditions(JsonElement json)
    {
        foreach (var @operator in Object(json, "Condition"))
        {
            foreach (var key in Object(@operator.Value, @operator.Name))
            {
                yield return PolicyCondition.Create(@operator.Name, key.Name, Strings(key.Value, key.Name, strict: false));
            }
        }
    }

    private static JsonElement.ObjectEnumerator Object(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : throw new PolicyException($"{name} must be an object.");

    // One value may stand without a list. Conditions may have numbers and truth values as such.
    private static string[] Strings(JsonElement json, string name, bool strict)
    {
        string One(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when !strict => value.GetRawText(),
            _ => throw new PolicyException($"{name} must be a string or a list of strings."),
        };

        string[] values = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(One)] : [One(json)];
        return values.Length > 0 ? values : throw new PolicyException($"{name} is empty.");
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"^(\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ActionPattern();
}
