using System.Globalization;
using System.Text.RegularExpressions;

namespace Oss.Protocol;

/// <summary>
/// Which role is wanted, for how long, and with how little of its rights. Equal requests are equal values, so that one can stand for what was lent for it.
/// Source: RAM documentation, "AssumeRole", "AssumeRoleWithOIDC" (version 2015-04-01).
/// </summary>
/// <param name="RoleArn"><c>acs:ram::ACCOUNT:role/NAME</c>, the name 1 to 64 letters, digits, ".", "_" or "-".</param>
/// <param name="SessionName">What the session is called in logs of its use: 2 to 64 letters, digits, ".", "@", "-" or "_".</param>
public sealed partial record AssumeRoleRequest(string RoleArn, string SessionName)
{
    /// <summary>Longest session policy, in characters.</summary>
    public const int MaxPolicyLength = 2048;

    /// <summary>Shortest life of a temporary key.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(900);

    /// <summary>Longest life of a temporary key; the role's own limit may be lower, down to an hour.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(43_200);

    /// <summary>How long the key is to live, 900 to 43,200 s; what is less than a second is cut off.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A policy (JSON, 1 to 2,048 characters) that takes rights away from the role's; null: the key may do what the role may. See <see cref="SessionPolicy"/>.</summary>
    public string? Policy { get; init; }

    /// <summary>What the role's trust policy asks for of others' accounts: 2 to 1,224 letters, digits or <c>= , . @ : / - _ +</c>; null: nothing. AssumeRole alone has it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether a text is a role's ARN.</summary>
    public static bool IsRole(string text) => Role().IsMatch(text);

    /// <summary>Whether a text is the ARN of an identity provider, <c>acs:ram::ACCOUNT:oidc-provider/NAME</c>.</summary>
    public static bool IsOidcProvider(string text) => OidcParameters.IsProvider(text);

    /// <summary>Whether a text can be a session's name.</summary>
    public static bool IsSessionName(string text) => Session().IsMatch(text);

    /// <summary>Role and session alone: policies are not for logs.</summary>
    public override string ToString() => $"AssumeRole {RoleArn} as {SessionName}";

    /// <summary>Refuses what STS would.</summary>
    /// <exception cref="ArgumentException">A parameter is none that STS takes; names it, and its rule.</exception>
    internal void Check()
    {
        Require(Role().IsMatch(RoleArn), nameof(RoleArn), "The role's ARN must be acs:ram::ACCOUNT:role/NAME.");
        Require(Session().IsMatch(SessionName), nameof(SessionName), "The session's name must be 2 to 64 letters, digits, '.', '@', '-' or '_'.");
        Require(Duration >= MinDuration && Duration <= MaxDuration, nameof(Duration), "A temporary key lives 900 to 43,200 seconds.");
        Require(Policy is not "", nameof(Policy), "The session policy is empty: leave it out to keep all rights of the role.");
        Require(Policy is not { Length: > MaxPolicyLength }, nameof(Policy), $"The session policy has {Policy?.Length} characters; STS allows {MaxPolicyLength}.");
        Require(ExternalId is null || External().IsMatch(ExternalId), nameof(ExternalId), "The external id must be 2 to 1,224 letters, digits or '=,.@:/-_+'.");
    }

    /// <summary>The parameters as STS names them.</summary>
    internal List<KeyValuePair<string, string>> Parameters()
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("RoleArn", RoleArn), new("RoleSessionName", SessionName), new("DurationSeconds", ((int)Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        ];
        if (Policy is not null)
        {
            parameters.Add(new("Policy", Policy));
        }

        if (ExternalId is not null)
        {
            parameters.Add(new("ExternalId", ExternalId));
        }

        return parameters;
    }

    private static void Require(bool holds, string name, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule, name);
        }
    }

    [GeneratedRegex(@"^acs:ram::[0-9]+:role/[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Role();

    [GeneratedRegex(@"^[A-Za-z0-9.@_-]{2,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Session();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant)]
    private static partial Regex External();
}
