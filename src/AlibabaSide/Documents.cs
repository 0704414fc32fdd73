namespace AlibabaSide;

/// <summary>All that has to be set on the side of Alibaba Cloud for an app with these settings: the documents, the commands that apply them, and what has to be known beside.</summary>
public sealed class Documents
{
    private Documents(IReadOnlyList<Document> all, string commands, IReadOnlyList<string> notes) => (All, Commands, Notes) = (all, commands, notes);

    /// <summary>Names of the parts, whether or not these settings need them.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["trust", "policy", "user-policy", "lent-trust", "lent-policy", "cors", "lifecycle", "commands"];

    /// <summary>The documents that these settings need.</summary>
    public IReadOnlyList<Document> All { get; }

    /// <summary>A shell script that writes the documents to files, and makes provider, roles, policies and rules of them.</summary>
    public string Commands { get; }

    /// <summary>What stands in angle brackets, and what to mind.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads settings, and makes the documents of them.</summary>
    /// <param name="settingsFile">Path of the settings; null: the environment has them all.</param>
    /// <param name="environment">Settings of the environment, which win.</param>
    /// <param name="wishes">What no setting says.</param>
    /// <exception cref="InvalidOperationException">The app would not start with the settings, or Alibaba Cloud would not take the documents; says what to do.</exception>
    public static Documents Make(string? settingsFile, IEnumerable<KeyValuePair<string, string?>> environment, Wishes wishes)
    {
        var app = ConfiguredApp.Read(settingsFile is null ? [] : SettingsFile.Read(settingsFile), environment);
        var parties = new Parties(app, wishes);
        Document?[] documents =
        [
            parties.AppRole is null ? null : new("trust", "trust.json", $"Trust policy of role {Parties.NameOf(parties.AppRole)}", TrustPolicy.OfApp(parties)),
            new("policy", "policy.json", $"Policy of {(parties.AppRole is null ? $"user {parties.User}" : $"role {Parties.NameOf(parties.AppRole)}")}", LeastPolicy.OfApp(app, parties, wishes)),
            parties.AppRole is null || parties.IsFederated ? null : new("user-policy", "user-policy.json", $"Policy of user {parties.User}", LeastPolicy.OfUser(parties)),
            parties.LentRole is null ? null : new("lent-trust", "lent-trust.json", $"Trust policy of role {Parties.NameOf(parties.LentRole)}, which temporary keys are lent of", TrustPolicy.OfLentRole(parties)),
            parties.LentRole is null ? null : new("lent-policy", "lent-policy.json", $"Policy of role {Parties.NameOf(parties.LentRole)}", LeastPolicy.OfLentRole(app)),
            BucketRules.Cors(app) is not { } cors ? null : new("cors", "cors.xml", $"CORS rules of {string.Join(", ", app.Buckets)}", cors),
            new("lifecycle", "lifecycle.xml", $"Lifecycle rules of {string.Join(", ", app.Buckets)}", BucketRules.Lifecycle(app)),
        ];
        Document[] needed = [.. documents.OfType<Document>()];
        var commands = CliCommands.Of(app, parties, needed);
        return new(needed, commands, [.. parties.Notes, .. Notices.Of(app, wishes)]);
    }
}
