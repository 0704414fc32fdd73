namespace Oss.Emulator;

/// <summary>Pages of which origins may send what to a bucket. Source: OSS documentation, "PutBucketCors".</summary>
public sealed record CorsRule
{
    /// <summary>Origins such as <c>http://localhost:5173</c>, with at most one <c>*</c> each; at least one.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>GET, PUT, DELETE, POST, HEAD; at least one.</summary>
    public required IReadOnlyList<string> AllowedMethods { get; init; }

    /// <summary>Request headers, whatever their case, with at most one <c>*</c> each.</summary>
    public IReadOnlyList<string> AllowedHeaders { get; init; } = [];

    /// <summary>Response headers that scripts may read; no <c>*</c>.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>Seconds for which a browser may keep the reply to a preflight, 0 to 999,999,999; null: not said.</summary>
    public int? MaxAgeSeconds { get; init; }

    /// <summary>Everything that uploads from a browser need, from these origins: all methods and headers, and the response headers that clients look at.</summary>
    public static CorsRule ForBrowsers(params IReadOnlyList<string> origins) => new()
    {
        AllowedOrigins = origins,
        AllowedMethods = ["GET", "PUT", "DELETE", "POST", "HEAD"],
        AllowedHeaders = ["*"],
        ExposeHeaders = ["ETag", "x-oss-request-id", "x-oss-hash-crc64ecma", "x-oss-next-append-position"],
    };

    /// <summary>Whether the rule is about requests of this method from this origin.</summary>
    internal bool Matches(string origin, string method) => OriginFor(origin) is not null && AllowedMethods.Contains(method, StringComparer.Ordinal);

    /// <summary>Whether a request may carry the header.</summary>
    internal bool Allows(string header) => AllowedHeaders.Any(allowed => Fits(allowed, header, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the reply names as allowed: the origin itself, or <c>*</c> where the rule says just that; null when it is not.</summary>
    internal string? OriginFor(string origin) =>
        AllowedOrigins.FirstOrDefault(allowed => Fits(allowed, origin, StringComparison.Ordinal)) is not { } match ? null : match == "*" ? match : origin;

    private static bool Fits(string pattern, string text, StringComparison comparison)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? text.Equals(pattern, comparison)
            : text.Length >= pattern.Length - 1 && text.StartsWith(pattern[..star], comparison) && text.EndsWith(pattern[(star + 1)..], comparison);
    }
}
