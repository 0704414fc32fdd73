namespace AlibabaSide;

/// <summary>What no setting of the app says.</summary>
public sealed record Wishes
{
    /// <summary>Number of the Alibaba Cloud account; null: that of the roles in the settings.</summary>
    public string? Account { get; init; }

    /// <summary>Name of the RAM user whose AccessKey the app has.</summary>
    public string? User { get; init; }

    /// <summary><c>iss</c> of the tokens that the role is had for.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c> of the tokens: object id of the managed identity, or a Kubernetes service account.</summary>
    public string? Subject { get; init; }

    /// <summary><c>aud</c> of the tokens; null: what the settings say.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether the app may read the buckets' settings, for its doctor.</summary>
    public bool Doctor { get; init; }

    /// <summary>Whether bulk uploads have <c>tags</c>.</summary>
    public bool JobTags { get; init; }

    /// <summary>Whether bulk uploads have an <c>acl</c>.</summary>
    public bool JobAcl { get; init; }
}
