namespace Oss.Emulator.Access;

/// <summary>A resource as policies name it: <c>acs:SERVICE:REGION:ACCOUNT:RELATIVE</c>, for OSS relative being bucket or bucket/key.</summary>
internal static class ResourceName
{
    private const int Parts = 5;

    /// <summary>The name of a bucket, of an object in it, or, with <c>*</c> in the bucket's place, of all of them.</summary>
    public static string Oss(string region, string account, string bucket, string? key = null) =>
        $"acs:oss:{region}:{account}:{bucket}{(key is null ? "" : "/" + key)}";

    /// <summary>Whether a policy may have this as a resource.</summary>
    public static bool IsPattern(string pattern) => pattern == "*" || pattern.Split(':', Parts) is { Length: Parts } and ["acs", { Length: > 0 }, .., { Length: > 0 }];

    /// <summary>Whether the pattern stands for the resource: part by part, so that no wildcard reaches over a colon; in the last part, keys may contain colons.</summary>
    public static bool Fits(string pattern, string resource)
    {
        if (pattern == "*")
        {
            return true;
        }

        var (wanted, actual) = (pattern.Split(':', Parts), resource.Split(':', Parts));
        return wanted.Length == actual.Length && wanted.Zip(actual).All(pair => Wildcard.Fits(pair.First, pair.Second));
    }
}
