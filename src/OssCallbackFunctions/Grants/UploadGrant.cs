namespace OssCallbackFunctions.Grants;

/// <summary>
/// Our word that we lent a credential for one object. It travels in the callback's URL, sealed together with bucket and key, because a genuine signature of OSS's does
/// not say whose upload the callback is about.
/// </summary>
/// <param name="Id">Id of the upload: at most 64 of A-Z a-z 0-9 - _.</param>
/// <param name="Profile">What the credential was lent under.</param>
/// <param name="Subject">The end user it was lent for, or "". Readable by the uploader.</param>
/// <param name="Expires">From this time on a callback with it is refused; to the second.</param>
public sealed record UploadGrant(string Id, string Profile, string Subject, DateTimeOffset Expires)
{
    /// <summary>The longest time from lending to expiry: <c>Uploads__Lifetime</c> and <c>Uploads__MaxUploadTime</c> are at most 7 days each.</summary>
    internal static readonly TimeSpan LongestLife = TimeSpan.FromDays(14);

    /// <summary>The same for all grants of one upload: until the first expires, it may be lent anew through its session.</summary>
    internal static readonly TimeSpan LongestUploadLife = 2 * LongestLife;

    internal const int MaxIdLength = 64;
    internal const int MaxSubjectBytes = 128;

    /// <summary>Variables of the caller's, to come back with the callback; null: none. Sealed, so nobody can change them, but readable by the uploader.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Trace context of the request for the credential. Not sealed: it goes in the callback's body, is good for following a trace alone, and null in a grant from a token.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What became of checking a grant.</summary>
public enum GrantState
{
    /// <summary>Ours, for this bucket and key, and not expired.</summary>
    Valid,

    /// <summary>Not ours, or for another bucket or key.</summary>
    Forged,

    /// <summary>Ours, but too late.</summary>
    Expired,
}
