using OssCallbackFunctions.OssKeys;

namespace AlibabaSide;

/// <summary>Who is who in RAM. What is not known is a placeholder in angle brackets, and a note says where to find it.</summary>
internal sealed class Parties
{
    private readonly Wishes _wishes;
    private readonly OssKeyOptions _keys;
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    public Parties(ConfiguredApp app, Wishes wishes)
    {
        (_wishes, _keys) = (wishes, app.Keys);
        IsFederated = _keys.Mode is OssKeyMode.ManagedIdentity or OssKeyMode.TokenFile;
        AppRole = _keys.Mode == OssKeyMode.Key ? null : _keys.RoleArn;
        LentRole = app.Lending.Count > 0 ? app.Sts.RoleArn : null;
        var accounts = new[] { AppRole, IsFederated ? _keys.OidcProviderArn : null }.OfType<string>().Select(AccountOf).Distinct(StringComparer.Ordinal).ToArray();
        if (wishes.Account is { } account && accounts.FirstOrDefault(other => other != account) is { } differs)
        {
            throw new InvalidOperationException($"The account is {account} by --account, and {differs} by Oss__RoleArn or Oss__OidcProviderArn: which is it?");
        }

        Account = wishes.Account ?? accounts.FirstOrDefault();
    }

    /// <summary>Whether the app's role is had for a token.</summary>
    public bool IsFederated { get; }

    /// <summary>The role whose keys the app signs with; null: it signs with its own.</summary>
    public string? AppRole { get; }

    /// <summary>The role that temporary keys are lent of; null: none are.</summary>
    public string? LentRole { get; }

    /// <summary>What was not known.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>Name of the RAM user that the app's AccessKey is of.</summary>
    public string User => Known(_wishes.User, "<name of the RAM user>", "is the user whose AccessKey is in OSS_ACCESS_KEY_ID: give it by --user.");

    public string UserArn => $"acs:ram::{Known(Account, "<account id>", "is the number of your Alibaba Cloud account: give it by --account.")}:user/{User}";

    /// <summary>Who assumes the role that is lent: the app, by its role or as a user.</summary>
    public string App => AppRole ?? UserArn;

    public string Provider => _keys.OidcProviderArn;

    public string Issuer => Known(_wishes.Issuer, "<issuer>", "is 'iss' of the identity's tokens, https://login.microsoftonline.com/<tenant id>/v2.0 for tokens of version 2 of Entra ID: give it by --issuer.");

    public string Subject => Known(_wishes.Subject, "<subject>", "is 'sub' of the tokens, for a managed identity its object id: give it by --subject. Without it every identity of the issuer could have the role.");

    public string Fingerprint => Known(null, "<fingerprint>", "is the SHA-1 of the issuer's CA certificate in hex, which RAM's console shows when the issuer is typed in.");

    /// <summary>In tokens of version 2 the audience of <c>api://ID</c> is the id alone.</summary>
    public string Audience =>
        _wishes.Audience ?? (_keys.OidcAudience is not { Length: > 0 } audience ? Known(null, "<audience>", "is 'aud' of the tokens in the file, in Kubernetes what the token is projected for: give it by --audience.")
        : audience.StartsWith("api://", StringComparison.Ordinal) && Guid.TryParse(audience["api://".Length..], out var id) ? id.ToString() : audience);

    private string? Account { get; }

    /// <summary>The last part of an ARN.</summary>
    public static string NameOf(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    private static string AccountOf(string arn) => arn.Split(':')[3];

    private string Known(string? value, string placeholder, string note)
    {
        if (value is null)
        {
            _notes.Add($"{placeholder} {note}");
        }

        return value ?? placeholder;
    }
}
