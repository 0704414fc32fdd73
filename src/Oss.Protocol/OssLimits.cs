namespace Oss.Protocol;

/// <summary>Limits that OSS sets, in bytes unless said. Source: OSS documentation, "Limits", "UploadPart", "PostObject", "Callback".</summary>
public static class OssLimits
{
    /// <summary>Longest object key, in bytes of UTF-8.</summary>
    public const int MaxKeyLength = 1023;

    /// <summary>Largest object of one PutObject or PostObject, and largest part.</summary>
    public const long MaxSimpleUploadSize = 5L * 1024 * 1024 * 1024;

    /// <summary>Smallest part of a multipart upload, but for the last one. OSS checks it at CompleteMultipartUpload.</summary>
    public const long MinPartSize = 100 * 1024;

    /// <summary>Highest part number, and so the largest number of parts of an upload.</summary>
    public const int MaxPartCount = 10_000;

    /// <summary>Largest object of a multipart upload (48.8 TB).</summary>
    public const long MaxObjectSize = MaxPartCount * MaxSimpleUploadSize;

    /// <summary>Most parts that one ListParts reply holds.</summary>
    public const int MaxPartsPerPage = 1000;

    /// <summary>Largest object that AppendObject makes.</summary>
    public const long MaxAppendableSize = 5L * 1024 * 1024 * 1024;

    /// <summary>Largest object that CopyObject copies to another bucket.</summary>
    public const long MaxCopySize = 5L * 1024 * 1024 * 1024;

    /// <summary>Largest object that CopyObject copies into another storage class.</summary>
    public const long MaxConvertingCopySize = 1L * 1024 * 1024 * 1024;

    /// <summary>Most objects of one DeleteMultipleObjects.</summary>
    public const int MaxDeletedObjects = 1000;

    /// <summary>Most tags of an object.</summary>
    public const int MaxObjectTags = 10;

    /// <summary>Most uploads that one ListMultipartUploads reply holds.</summary>
    public const int MaxUploadsPerPage = 1000;

    /// <summary>Most keys that one ListObjects or ListObjectsV2 reply holds.</summary>
    public const int MaxKeysPerPage = 1000;

    /// <summary>Keys that such a reply holds when the request does not say.</summary>
    public const int DefaultKeysPerPage = 100;

    /// <summary>Least <c>x-oss-traffic-limit</c>, bits per second of one request.</summary>
    public const long MinTrafficLimit = 819_200;

    /// <summary>Largest <c>x-oss-traffic-limit</c>, bits per second of one request.</summary>
    public const long MaxTrafficLimit = 838_860_800;

    /// <summary>Longest <c>callback</c> and longest <c>callback-var</c>, base64 text, in a header or a query.</summary>
    public const int MaxCallbackParameterLength = 5 * 1024;

    /// <summary>Most URLs of one callback parameter.</summary>
    public const int MaxCallbackUrls = 5;

    /// <summary>Time OSS gives the callback server, connect and reply together.</summary>
    public static readonly TimeSpan CallbackTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest life of a presigned URL signed with a permanent key.</summary>
    public static readonly TimeSpan MaxPresignLifetime = TimeSpan.FromDays(7);

    /// <summary>Longest life of a presigned URL signed with an STS key.</summary>
    public static readonly TimeSpan MaxTemporaryPresignLifetime = TimeSpan.FromHours(12);

    /// <summary>How far a request's time may be from OSS's own.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(15);
}
