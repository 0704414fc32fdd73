using System.Globalization;
using System.Text;

namespace AlibabaSide;

/// <summary>The commands of the Alibaba Cloud CLI (<c>aliyun</c>) that apply the documents, for an administrator.</summary>
internal static class CliCommands
{
    private const string Policy = "oss-callback-functions";

    // RAM's shortest.
    private const int LeastSession = 3600;

    public static string Of(ConfiguredApp app, Parties parties, IReadOnlyList<Document> documents)
    {
        var script = new StringBuilder();
        foreach (var document in documents)
        {
            script.Append(CultureInfo.InvariantCulture, $"cat > {document.File} <<'EOF'\n{document.Text.ReplaceLineEndings("\n")}\nEOF\n");
        }

        script.Append('\n');
        foreach (var line in Ram(app, parties).Concat(Oss(app, documents)))
        {
            script.Append(line).Append('\n');
        }

        return script.ToString();
    }

    private static IEnumerable<string> Ram(ConfiguredApp app, Parties parties)
    {
        if (parties.IsFederated)
        {
            yield return $"aliyun ims CreateOIDCProvider --OIDCProviderName {Quote(Parties.NameOf(parties.Provider))} --IssuerUrl {Quote(parties.Issuer)} --ClientIds {Quote(parties.Audience)} --Fingerprints {Quote(parties.Fingerprint)}";
        }

        yield return CreatePolicy(Policy, "policy.json");
        if (parties.AppRole is { } role)
        {
            yield return CreateRole(role, "trust.json", Math.Max(LeastSession, (int)app.Keys.RoleDuration.TotalSeconds));
            yield return ToRole(Policy, role);
            if (!parties.IsFederated)
            {
                yield return CreatePolicy(Policy + "-user", "user-policy.json");
                yield return ToUser(Policy + "-user", parties.User);
            }
        }
        else
        {
            yield return ToUser(Policy, parties.User);
        }

        if (parties.LentRole is { } lent)
        {
            yield return CreateRole(lent, "lent-trust.json", LeastSession);
            yield return CreatePolicy(Policy + "-lent", "lent-policy.json");
            yield return ToRole(Policy + "-lent", lent);
        }
    }

    private static IEnumerable<string> Oss(ConfiguredApp app, IReadOnlyList<Document> documents) =>
        from bucket in app.Buckets
        from document in documents
        where document.Part is "cors" or "lifecycle"
        select $"aliyun oss {document.Part} --method put oss://{bucket} {document.File} --region {app.Oss.Region}";

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string CreateRole(string arn, string trust, int seconds) => string.Create(
        CultureInfo.InvariantCulture, $"aliyun ram CreateRole --RoleName {Quote(Parties.NameOf(arn))} --AssumeRolePolicyDocument \"$(cat {trust})\" --MaxSessionDuration {seconds}");

    private static string CreatePolicy(string name, string file) => $"aliyun ram CreatePolicy --PolicyName {name} --PolicyDocument \"$(cat {file})\"";

    private static string ToRole(string policy, string arn) => $"aliyun ram AttachPolicyToRole --PolicyType Custom --PolicyName {policy} --RoleName {Quote(Parties.NameOf(arn))}";

    private static string ToUser(string policy, string user) => $"aliyun ram AttachPolicyToUser --PolicyType Custom --PolicyName {policy} --UserName {Quote(user)}";
}
