using Oss.Emulator.Http;

namespace Oss.Emulator.Access;

/// <summary>What a caller may do. A key may do everything; an anonymous caller what the ACLs of object and bucket make public.</summary>
internal static class Authorization
{
    private const string PublicRead = "public-read";
    private const string PublicReadWrite = "public-read-write";

    private static readonly HashSet<string> Reads = new(StringComparer.Ordinal) { "GetObject", "HeadObject", "GetObjectMeta" };

    private static readonly HashSet<string> Writes = new(StringComparer.Ordinal)
    {
        "PutObject", "PostObject", "AppendObject", "DeleteObject",
        "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
    };

    /// <summary>Refuses what the caller has no right to.</summary>
    public static void Require(OssCall call)
    {
        if (call.Caller.IsAnonymous && !IsPublic(call))
        {
            throw Refusals.AnonymousAccess();
        }
    }

    private static bool IsPublic(OssCall call)
    {
        if (call.Target.Bucket is null || !(Reads.Contains(call.Operation) || Writes.Contains(call.Operation)))
        {
            return false;
        }

        using var stored = call.Key is null ? null : call.Bucket.Objects.Hold(call.Key);
        var acl = stored?.Record.Headers.GetValueOrDefault("x-oss-object-acl") is { } own and not "default" ? own : call.Bucket.Record.Acl;
        return acl == PublicReadWrite || (acl == PublicRead && Reads.Contains(call.Operation));
    }
}
