namespace AlibabaSide;

/// <summary>Who may have a role. Source: RAM documentation, "Create a RAM role for a trusted identity provider", "Edit the trust policy of a RAM role".</summary>
internal static class TrustPolicy
{
    private static readonly string[] Assume = ["sts:AssumeRole"];

    /// <summary>Of the app's role: one identity of one issuer, or the RAM user whose key the app has.</summary>
    public static string OfApp(Parties parties) => !parties.IsFederated
        ? Of("RAM", parties.UserArn, [])
        : Of("Federated", parties.Provider, new() { ["oidc:iss"] = parties.Issuer, ["oidc:aud"] = parties.Audience, ["oidc:sub"] = parties.Subject });

    /// <summary>Of the role that temporary keys are lent of: the app.</summary>
    public static string OfLentRole(Parties parties) => Of("RAM", parties.App, []);

    private static string Of(string kind, string arn, Dictionary<string, string> equal) => PolicyText.Of(new Statement(Assume, null) { Principal = (kind, arn), Equal = equal });
}
