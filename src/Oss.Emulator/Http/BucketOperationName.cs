namespace Oss.Emulator.Http;

/// <summary>OSS's names of what can be asked of a bucket.</summary>
internal static class BucketOperationName
{
    // Sub-resources that are read by GET, set by PUT and removed by DELETE, with what stands behind "GetBucket", "PutBucket" and "DeleteBucket".
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["accessmonitor"] = "AccessMonitor",
        ["acl"] = "Acl",
        ["bucketArchiveDirectRead"] = "ArchiveDirectRead",
        ["callbackPolicy"] = "CallbackPolicy",
        ["cors"] = "Cors",
        ["encryption"] = "Encryption",
        ["httpsConfig"] = "HttpsConfig",
        ["inventory"] = "Inventory",
        ["inventoryId"] = "Inventory",
        ["lifecycle"] = "Lifecycle",
        ["logging"] = "Logging",
        ["policy"] = "Policy",
        ["policyStatus"] = "PolicyStatus",
        ["processConfiguration"] = "ProcessConfiguration",
        ["publicAccessBlock"] = "PublicAccessBlock",
        ["qosInfo"] = "QoSInfo",
        ["redundancyTransition"] = "DataRedundancyTransition",
        ["referer"] = "Referer",
        ["replication"] = "Replication",
        ["replicationLocation"] = "ReplicationLocation",
        ["replicationProgress"] = "ReplicationProgress",
        ["requestPayment"] = "RequestPayment",
        ["resourceGroup"] = "ResourceGroup",
        ["responseHeader"] = "ResponseHeader",
        ["rtc"] = "RTC",
        ["tagging"] = "Tags",
        ["transferAcceleration"] = "TransferAcceleration",
        ["userDefinedLogFieldsConfig"] = "UserDefinedLogFieldsConfig",
        ["versioning"] = "Versioning",
        ["website"] = "Website",
        ["worm"] = "Worm",
    };

    // Operations whose names are built in another way.
    private static readonly Dictionary<(string Method, string SubResource), string> Named = new()
    {
        [("DELETE", "style")] = "DeleteStyle",
        [("DELETE", "worm")] = "AbortBucketWorm",
        [("GET", "bucketInfo")] = "GetBucketInfo",
        [("GET", "cname")] = "ListCname",
        [("GET", "continuation-token")] = "ListObjectsV2",
        [("GET", "list-type")] = "ListObjectsV2",
        [("GET", "live")] = "ListLiveChannel",
        [("GET", "location")] = "GetBucketLocation",
        [("GET", "metaQuery")] = "GetMetaQueryStatus",
        [("GET", "stat")] = "GetBucketStat",
        [("GET", "style")] = "ListStyle",
        [("GET", "styleName")] = "GetStyle",
        [("GET", "uploads")] = "ListMultipartUploads",
        [("GET", "versions")] = "ListObjectVersions",
        [("POST", "delete")] = "DeleteMultipleObjects",
        [("POST", "metaQuery")] = "DoMetaQuery",
        [("POST", "redundancyTransition")] = "CreateBucketDataRedundancyTransition",
        [("POST", "worm")] = "InitiateBucketWorm",
        [("POST", "wormExtend")] = "ExtendBucketWorm",
        [("POST", "wormId")] = "CompleteBucketWorm",
        [("PUT", "style")] = "PutStyle",
    };

    /// <summary>The name of an operation.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="subResource">The first parameter that makes the request another operation; null when there is none.</param>
    /// <param name="target">The bucket, and all parameters.</param>
    public static string Of(string method, string? subResource, RequestTarget target)
    {
        if (OfComp(method, target) is { } comp)
        {
            return comp;
        }

        return (method, subResource) switch
        {
            ("POST", null) => OperationName.PostObject,
            ("GET", null) => "ListObjects",
            ("PUT", null) => OperationName.PutBucket,
            ("DELETE", null) => "DeleteBucket",
            (_, null) => $"{method} on a bucket",
            ("GET", "inventory") when target.Parameter("inventoryId") is null => "ListBucketInventory",
            ("GET", "style") when target.Parameter("styleName") is not null => "GetStyle",
            _ when Named.TryGetValue((method, subResource), out var named) => named,
            ("GET" or "PUT" or "DELETE", _) when Settings.TryGetValue(subResource, out var setting) => method[0] + method[1..].ToLowerInvariant() + "Bucket" + setting,
            _ => $"{method} ?{subResource} on a bucket",
        };
    }

    // What to do with domains, replication and metadata queries stands in "comp".
    private static string? OfComp(string method, RequestTarget target)
    {
        bool Has(string name) => target.Parameter(name) is not null;
        return (method, target.Parameter("comp")) switch
        {
            ("POST", "add") when Has("cname") => "PutCname",
            ("POST", "delete") when Has("cname") => "DeleteCname",
            ("POST", "token") when Has("cname") => "CreateCnameToken",
            ("GET", "token") when Has("cname") => "GetCnameToken",
            ("POST", "add") when Has("replication") => "PutBucketReplication",
            ("POST", "delete") when Has("replication") => "DeleteBucketReplication",
            ("POST", "add") when Has("metaQuery") => "OpenMetaQuery",
            ("POST", "delete") when Has("metaQuery") => "CloseMetaQuery",
            _ => null,
        };
    }
}
