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
        "accessmonitor", "acl", "append", "asyncFetch", "bucketArchiveDirectRead", "bucketInfo", "callbackPolicy", "cleanRestoredObject", "cloudboxes", "cname", "comp", "continuation-token", "cors",
        "delete", "encryption", "httpsConfig", "inventory", "inventoryId", "lifecycle", "list-type", "live", "location", "logging", "metaQuery", "objectMeta", "policy", "policyStatus",
        "processConfiguration", "publicAccessBlock", "qosInfo", "rtc", "redundancyTransition", "referer", "regionList", "replication", "replicationLocation",
        "replicationProgress", "requestPayment", "resourceGroup", "responseHeader", "restore", "seal", "sequential", "stat", "status", "style", "styleName", "symlink", "tagging",
        "transferAcceleration", "uploads", "userDefinedLogFieldsConfig", "versioning", "versions", "vod", "website", "worm", "wormExtend", "wormId",
        "x-oss-async-process", "x-oss-process", "x-oss-select-process",
    };

    private static readonly Dictionary<(string Method, string SubResource), string> OfSubResource = new()
    {
        [("GET", "acl")] = "GetObjectAcl", [("PUT", "acl")] = "PutObjectAcl",
        [("GET", "tagging")] = "GetObjectTagging", [("PUT", "tagging")] = "PutObjectTagging", [("DELETE", "tagging")] = "DeleteObjectTagging",
        [("GET", "symlink")] = "GetSymlink", [("PUT", "symlink")] = "PutSymlink",
        [("POST", "uploads")] = "InitiateMultipartUpload", [("POST", "append")] = "AppendObject", [("POST", "seal")] = "SealAppendObject",
        [("POST", "restore")] = "RestoreObject", [("POST", "cleanRestoredObject")] = "CleanRestoredObject",
        [("POST", "x-oss-process")] = "ProcessObject", [("POST", "x-oss-async-process")] = "AsyncProcessObject", [("POST", "x-oss-select-process")] = "SelectObject",
        [("POST", "asyncFetch")] = "PutAsyncFetchTask", [("GET", "asyncFetch")] = "GetAsyncFetchTask",
        [("PUT", "live")] = "PutLiveChannel", [("GET", "live")] = "GetLiveChannel", [("DELETE", "live")] = "DeleteLiveChannel",
        [("POST", "vod")] = "PostVodPlaylist", [("GET", "vod")] = "GetVodPlaylist",
    };

    // What can be asked of one version of an object. Of all others the parameter is refused, with the operation.
    private static readonly HashSet<string> TakesVersionId = new(StringComparer.Ordinal)
    {
        "GetObject", "HeadObject", "GetObjectMeta", "DeleteObject", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging",
    };

    public static string Of(HttpRequest request, RequestTarget target) => target switch
    {
        { Bucket: null } => ServiceOperationName.Of(request.Method, target),
        { Key: null } => BucketOperationName.Of(request.Method, SubResource(target), target),
        _ => OfObject(request, target),
    };

    private static string OfObject(HttpRequest request, RequestTarget target)
    {
        var name = OfCurrentObject(request, target);
        return target.Parameter("versionId") is not null && !TakesVersionId.Contains(name) ? $"{name} with versionId" : name;
    }

    private static string OfCurrentObject(HttpRequest request, RequestTarget target)
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
            ("POST", null) when ofUpload => "CompleteMultipartUpload",
            // A form goes to the bucket; its key is a field.
            ("POST", null) => throw Refusals.MethodNotAllowed("POST", "OBJECT"),
            (var method, null) => $"{method} on an object",
            ("GET", "x-oss-process") => "GetObject with x-oss-process",
            var (method, sub) => OfSubResource.GetValueOrDefault((method, sub), $"{method} ?{sub} on an object"),
        };
    }

    private static string? SubResource(RequestTarget target) =>
        target.Query.Select(parameter => parameter.Key).FirstOrDefault(SubResources.Contains);
}
