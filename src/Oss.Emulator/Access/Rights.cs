namespace Oss.Emulator.Access;

/// <summary>Whether a caller may do something, and what stands against it.</summary>
internal enum AccessDecision
{
    Allowed,

    /// <summary>The user's or the role's policy does not allow it.</summary>
    NotAllowed,

    /// <summary>The user's or the role's policy denies it expressly.</summary>
    Denied,

    /// <summary>The policy that the token was asked for with does not allow it, or denies it.</summary>
    RefusedBySession,
}

/// <summary>What a caller may do: what its own policy and that of its session both allow.</summary>
/// <param name="own">Policy of the user or role; null allows everything.</param>
/// <param name="session">Policy of the session; null takes nothing away.</param>
internal sealed class Rights(RamPolicy? own, RamPolicy? session = null)
{
    /// <summary>No policy stands against anything.</summary>
    public static readonly Rights Unlimited = new(null);

    public static readonly Rights None = new(RamPolicy.Empty);

    public AccessDecision Decide(string action, string resource, PolicyContext context) =>
        (own?.Decide(action, resource, context) ?? PolicyDecision.Allowed) switch
        {
            PolicyDecision.Denied => AccessDecision.Denied,
            PolicyDecision.NotAllowed => AccessDecision.NotAllowed,
            _ => session?.Allows(action, resource, context) ?? true ? AccessDecision.Allowed : AccessDecision.RefusedBySession,
        };

    public bool Allows(string action, string resource, PolicyContext context) => Decide(action, resource, context) == AccessDecision.Allowed;
}
