using Microsoft.AspNetCore.Http;

namespace Oss.Emulator.Http;

/// <summary>OSS's name of what a request asks for, whether or not the emulator can do it.</summary>
internal static class OperationName
{
    public const string PostObject = nameof(PostObject);
    public const string PutBucket = nameof(PutBucket);

    // Parameters that make a request another operation, or a variant of one. All others are ignored, as by OSS.
    private static readonly HashSet<string> SubResources = new(StringComparer.Ordinal)
    {
        "accessmonitor", "acl", "append", "asyncFetch", "bucketArchiveDirectRead", "bucketInfo", "callbackPolicy", "cloudboxes", "cname", "comp", "continuation-token", "cors",
        "delete", "encryption", "httpsConfig", "inventory", "inventoryId", "lifecycle", "list-type", "live", "location", "logging", "metaQuery", "objectMeta", "policy", "policyStatus",
        "processConfiguration", "publicAccessBlock", "qosInfo", "rtc", "redundancyTransition", "referer", "regionList", "replication", "replicationLocation",
        "replicationProgress", "requestPayment", "resourceGroup", "responseHeader", "restore", "sequential", "stat", "status", "style", "styleName", "symlink", "tagging",
        "transferAcceleration", "uploads", "userDefinedLogFieldsConfig", "versionId", "versioning", "versions", "vod", "website", "worm", "wormExtend", "wormId",
        "x-oss-async-process", "x-oss-process", "x-oss-select-process",
    };

    public static string Of(HttpRequest request, RequestTarget target) => target switch
    {
        { Bucket: null } => request.Method == "GET" ? "ListBuckets" : $"{request.Method} on the service",
        { Key: null } => OfBucket(request, target),
        _ => OfObject(request, target),
    };

    private static string OfBucket(HttpRequest request, RequestTarget target) => (request.Method, SubResource(target)) switch
    {
        ("POST", null) => PostObject,
        ("POST", "delete") => "DeleteMultipleObjects",
        ("GET", null) => "ListObjects",
        ("GET", "list-type" or "continuation-token") => "ListObjectsV2",
        ("GET", "uploads") => "ListMultipartUploads",
        ("GET", "bucketInfo") => "GetBucketInfo",
        ("GET", "location") => "GetBucketLocation",
        ("PUT", null) => PutBucket,
        ("DELETE", null) => "DeleteBucket",
        (var method, null) => $"{method} on a bucket",
        var (method, sub) => $"{method} ?{sub} on a bucket",
    };

    private static string OfObject(HttpRequest request, RequestTarget target)
    {
        var copies = request.Headers.ContainsKey("x-oss-copy-source");
        var ofUpload = target.Parameter("uploadId") is not null;
        return (request.Method, SubResource(target)) switch
        {
            ("PUT", null) when ofUpload || target.Parameter("partNumber") is not null => copies ? "UploadPartCopy" : "UploadPart",
            ("PUT", null) => copies ? "CopyObject" : "PutObject",
            ("GET", null) => ofUpload ? "ListParts" : "GetObject",
            ("HEAD", null) => "HeadObject",
            ("HEAD", "objectMeta") => "GetObjectMeta",
            ("DELETE", null) => ofUpload ? "AbortMultipartUpload" : "DeleteObject",
            ("POST", "uploads") => "InitiateMultipartUpload",
            ("POST", "append") => "AppendObject",
            ("POST", "restore") => "RestoreObject",
            ("POST", null) when ofUpload => "CompleteMultipartUpload",
            // A form goes to the bucket; its key is a field.
            ("POST", null) => throw Refusals.MethodNotAllowed("POST", "OBJECT"),
            ("OPTIONS", null) => "OptionObject",
            (var method, null) => $"{method} on an object",
            var (method, sub) => $"{method} ?{sub} on an object",
        };
    }

    private static string? SubResource(RequestTarget target) =>
        target.Query.Select(parameter => parameter.Key).FirstOrDefault(SubResources.Contains);
}
