using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Oss.Emulator.Access;

/// <summary>What a policy says about something.</summary>
internal enum PolicyDecision
{
    /// <summary>No statement is about it: not allowed, unless another policy allows it.</summary>
    NotAllowed,

    /// <summary>A statement allows it and none denies it.</summary>
    Allowed,

    /// <summary>A statement denies it, whatever the others say.</summary>
    Denied,
}

/// <summary>A policy of RAM. Source: RAM documentation, "Policy structure and syntax", "Policy evaluation process".</summary>
internal sealed class RamPolicy
{
    /// <summary>Characters of the longest policy that RAM keeps; session policies have a limit of their own.</summary>
    public const int MaxLength = 6144;

    // Policy, statements, statement, conditions, operator, values.
    private const int MaxDepth = 6;

    /// <summary>Allows nothing.</summary>
    public static readonly RamPolicy Empty = new([]);

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly IReadOnlyList<PolicyStatement> _statements;

    private RamPolicy(IReadOnlyList<PolicyStatement> statements)
    {
        _statements = statements;
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="json">The policy's text.</param>
    /// <param name="policy">The policy read.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(string json, [NotNullWhen(true)] out RamPolicy? policy, [NotNullWhen(false)] out PolicyException? fault)
    {
        (policy, fault) = (null, null);
        try
        {
            policy = Parse(json);
            return true;
        }
        catch (PolicyException e)
        {
            fault = e;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a string whose escapes are no Unicode text.
            fault = new PolicyException("The policy is not JSON, or nested too deeply.");
        }

        return false;
    }

    /// <summary>What the policy says.</summary>
    /// <param name="action">Such as <c>oss:PutObject</c>; upper and lower case are the same.</param>
    /// <param name="resource">Such as <c>acs:oss:cn-hangzhou:1234567890123456:bucket/key</c>.</param>
    /// <param name="context">What conditions may ask for.</param>
    public PolicyDecision Decide(string action, string resource, PolicyContext context)
    {
        var decision = PolicyDecision.NotAllowed;
        foreach (var statement in _statements.Where(statement => statement.IsAbout(action, resource, context)))
        {
            if (!statement.Allows)
            {
                return PolicyDecision.Denied;
            }

            decision = PolicyDecision.Allowed;
        }

        return decision;
    }

    /// <summary>Whether a statement allows it and none denies it.</summary>
    public bool Allows(string action, string resource, PolicyContext context) => Decide(action, resource, context) == PolicyDecision.Allowed;

    private static RamPolicy Parse(string json)
    {
        if (json.Length > MaxLength)
        {
            throw new PolicyException($"The policy is longer than {MaxLength} characters.");
        }

        using var parsed = JsonDocument.Parse(json, Json);
        var root = parsed.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyException("The policy must be an object.");
        }

        foreach (var member in root.EnumerateObject().Where(member => member.Name is not ("Version" or "Statement")))
        {
            throw new PolicyException($"A policy has no element '{member.Name}'.");
        }

        if (!root.TryGetProperty("Version", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "1")
        {
            throw new PolicyException("Version must be \"1\".");
        }

        if (!root.TryGetProperty("Statement", out var statements))
        {
            throw new PolicyException("Statement is missing.");
        }

        PolicyStatement[] read = statements.ValueKind == JsonValueKind.Array
            ? [.. statements.EnumerateArray().Select(PolicyStatement.Parse)]
            : [PolicyStatement.Parse(statements)];
        return read.Length > 0 ? new RamPolicy(read) : throw new PolicyException("Statement is empty.");
    }
}
