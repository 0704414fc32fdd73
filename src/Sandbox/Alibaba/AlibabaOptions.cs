using AlibabaSide;

namespace Sandbox.Alibaba;

/// <summary>What <c>alibaba</c> is asked for on the command line.</summary>
internal sealed record AlibabaOptions
{
    public const string Usage = """
        Usage: dotnet run --project src/Sandbox -- alibaba [OPTIONS]

        Prints what has to be set on the side of Alibaba Cloud for an app with these settings: the RAM roles' trust policies, the least policies, CORS and lifecycle rules of the buckets,
        and the commands that apply them. Calls nothing.

          --settings FILE    local.settings.json (default: the one beside the solution, if there is one), or what 'az functionapp config appsettings list' printed; settings in the
                             environment win
          --part PART        that document alone: trust, policy, user-policy, lent-trust, lent-policy, cors, lifecycle; or commands
          --account ID       number of the Alibaba Cloud account
          --user NAME        RAM user whose AccessKey the app has
          --issuer URL       'iss' of the tokens that the role is had for
          --subject ID       'sub' of the tokens: object id of the managed identity
          --audience ID      'aud' of the tokens, where it is not what Oss__OidcAudience says
          --doctor           the app may read the buckets' settings too (GET /api/doctor)
          --job-tags         bulk uploads have tags
          --job-acl          bulk uploads have an acl
          --help             this text
        """;

    public bool Help { get; private init; }

    public string? Settings { get; private init; }

    public string? Part { get; private init; }

    public Wishes Wishes { get; private init; } = new();

    /// <summary>Reads the arguments that follow the word <c>alibaba</c>.</summary>
    /// <exception cref="FormatException">One is unknown, missing or wrong.</exception>
    public static AlibabaOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new AlibabaOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, wishes) = (arguments[i], options.Wishes);
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--settings" => options with { Settings = Path.GetFullPath(Value()) },
                "--part" => options with { Part = OneOf(Value()) },
                "--account" => options with { Wishes = wishes with { Account = Number(Value()) } },
                "--user" => options with { Wishes = wishes with { User = Value() } },
                "--issuer" => options with { Wishes = wishes with { Issuer = Url(Value()) } },
                "--subject" => options with { Wishes = wishes with { Subject = Value() } },
                "--audience" => options with { Wishes = wishes with { Audience = Value() } },
                "--doctor" => options with { Wishes = wishes with { Doctor = true } },
                "--job-tags" => options with { Wishes = wishes with { JobTags = true } },
                "--job-acl" => options with { Wishes = wishes with { JobAcl = true } },
                "--help" => options with { Help = true },
                _ => throw new FormatException($"Unknown option '{name}'."),
            };
        }

        return options;
    }

    private static string OneOf(string part) =>
        Documents.Parts.Contains(part, StringComparer.Ordinal) ? part : throw new FormatException($"--part needs one of {string.Join(", ", Documents.Parts)}, not '{part}'.");

    private static string Number(string text) => text.All(char.IsAsciiDigit) && text.Length > 0 ? text : throw new FormatException($"--account needs the account's number, not '{text}'.");

    private static string Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? text : throw new FormatException($"--issuer needs a https URL, not '{text}'.");
}
