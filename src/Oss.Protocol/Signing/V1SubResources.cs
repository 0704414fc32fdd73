namespace Oss.Protocol;

/// <summary>
/// The query parameters that a V1 signature covers. The documentation and the SDKs each list some of them; OSS knows all, and a parameter outside the list
/// (encoding-type, max-parts, prefix ...) can be changed without the signature noticing.
/// </summary>
internal static class V1SubResources
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "acl", "append", "bucketInfo", "callback", "callback-var", "cloudboxes", "cname", "comp", "continuation-token", "cors", "delete", "encryption", "endTime",
        "inventory", "inventoryId", "lifecycle", "live", "location", "logging", "objectMeta", "partNumber", "policy", "position", "publicAccessBlock",
        "qos", "qosInfo", "referer", "regionList", "requestPayment", "resourceGroup", "response-cache-control", "response-content-disposition",
        "response-content-encoding", "response-content-language", "response-content-type", "response-expires", "restore", "security-token", "sequential",
        "startTime", "stat", "status", "style", "styleName", "symlink", "tagging", "transferAcceleration", "uploadId", "uploads", "versionId", "versioning",
        "versions", "vod", "website",
    };

    // replicationLocation, wormId, x-oss-process, x-oss-traffic-limit ...
    private static readonly string[] Prefixes = ["replication", "worm", "x-oss-"];

    public static bool Contains(string name) => Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The sub-resources of a query as they are signed: sorted by name, values as they are (not encoded), empty ones as the name alone.</summary>
    public static string Canonical(IEnumerable<KeyValuePair<string, string?>> query) => Join(Sorted(query).Select(Text));

    /// <summary>The canonical text, and what else clients sign for the same parameters: no form leaves one of them out.</summary>
    public static IEnumerable<string> Forms(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var sorted = Sorted(query);
        return new[]
        {
            Join(sorted.Select(Text)),

            // The PHP SDK (V2) sorts "name=value", so that callback-var stands before callback.
            Join(sorted.Select(Text).Order(StringComparer.Ordinal)),

            // The Java and C# SDKs (V1) keep the "=" of an empty value.
            Join(sorted.Select(parameter => parameter.Value is null ? parameter.Key : $"{parameter.Key}={parameter.Value}")),
        }.Distinct();
    }

    private static KeyValuePair<string, string?>[] Sorted(IEnumerable<KeyValuePair<string, string?>> query) =>
        [.. query.Where(parameter => Contains(parameter.Key)).OrderBy(parameter => parameter.Key, StringComparer.Ordinal)];

    private static string Text(KeyValuePair<string, string?> parameter) =>
        string.IsNullOrEmpty(parameter.Value) ? parameter.Key : $"{parameter.Key}={parameter.Value}";

    private static string Join(IEnumerable<string> parameters) => string.Join('&', parameters);
}
