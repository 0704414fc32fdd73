using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>What one profile changes of <see cref="UploadOptions"/>; what is null is as there.</summary>
public sealed class UploadProfileOptions : CallbackProfileOptions
{
    /// <summary>Bucket; null: <c>Oss__Bucket</c>. In the same region, by the same endpoint.</summary>
    public string? Bucket { get; set => field = NullIfEmpty(value); }

    /// <summary>How keys are made, such as <c>photos/{subject}/{date}/{id}{ext}</c>; null: the caller chooses the key.</summary>
    public string? KeyTemplate { get; set => field = NullIfEmpty(value); }

    /// <summary>Smallest object in bytes.</summary>
    public long MinSize { get; set; }

    /// <summary>Largest object in bytes, to 48.8 TB; beyond 5 GB only multipart uploads go.</summary>
    public long? MaxSize { get; set; }

    /// <summary>Content types, separated by <c>;</c>, such as <c>image/*;application/pdf</c>; those that browsers run only when named in full. Null: all but those.</summary>
    public string? ContentTypes { get; set => field = NullIfEmpty(value); }

    /// <summary>Time in which an upload may begin; 1 s to 7 days.</summary>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>Whether a credential can create an object only, not replace one. Forms of <see cref="AlibabaForm"/> and temporary keys are not held to it: their holders can replace their own uploads.</summary>
    public bool? ForbidOverwrite { get; set; }

    /// <summary>Storage class: Standard, IA, Archive, ColdArchive, DeepColdArchive.</summary>
    public string StorageClass { get; set; } = "Standard";

    /// <summary>ACL of the objects: default (the bucket's), private, public-read, public-read-write.</summary>
    public string ObjectAcl { get; set; } = "default";

    /// <summary>What browsers do with an object they are led to: <c>attachment</c> (save it) or <c>inline</c> (show it); null: OSS's own way.</summary>
    public string? ContentDisposition { get; set => field = NullIfEmpty(value); }

    /// <summary>Whether temporary keys are lent: <c>none</c>; <c>key</c>, each for one object; <c>prefix</c>, for all of the subject's, of which no callback tells.</summary>
    public StsScope Sts { get; set; }

    /// <summary>Whether forms are lent in the shape of Alibaba Cloud's samples, in which neither content type nor ACL is pinned.</summary>
    public bool AlibabaForm { get; set; }

    /// <summary>Callers who may use it, by their names in <c>Callers</c>, separated by <c>;</c>; null: whoever has a function key.</summary>
    public string? Callers { get; set => field = NullIfEmpty(value); }

    /// <summary>Rate that an upload is held to, in bits per second, 819,200 to 838,860,800; null: none.</summary>
    public long? TrafficLimit { get; set; }

    /// <summary>Bytes that the values of the variables may have together.</summary>
    internal int VariableRoom { get; set; } = UploadVariables.MaxBytes;

    // A setting that is there and empty, as in the sample, is none.
    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>What a lent temporary key can upload to.</summary>
public enum StsScope
{
    /// <summary>None are lent.</summary>
    None,

    /// <summary>One key.</summary>
    Key,

    /// <summary>All keys of the profile for the subject.</summary>
    Prefix,
}
