using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Access;

/// <summary>What a caller may do. A key may do what policies let it; an anonymous caller what the ACLs of object and bucket make public.</summary>
internal sealed class Authorization(OssEmulatorOptions options)
{
    private const string PublicRead = "public-read";
    private const string PublicReadWrite = "public-read-write";

    private static readonly HashSet<string> Reads = new(StringComparer.Ordinal) { "GetObject", "HeadObject", "GetObjectMeta" };

    private static readonly HashSet<string> Writes = new(StringComparer.Ordinal)
    {
        "PutObject", "PostObject", "AppendObject", "CopyObject", "UploadPartCopy", "DeleteObject", "DeleteMultipleObjects",
        "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
    };

    private readonly Permissions _permissions = new(options.Region, BucketOwner.Id);

    /// <summary>Refuses what the caller has no right to.</summary>
    /// <param name="call">The request.</param>
    /// <param name="header">Finds a header, or the field of a form that stands for it.</param>
    public void Require(OssCall call, Func<string, string?> header)
    {
        if (call.Caller.IsAnonymous)
        {
            // Whatever can be public is done to a bucket that is there.
            RequirePublic(CanBePublic(call.Operation) && IsPublic(call.Operation, call.Bucket, call.Key));
            return;
        }

        RequireRights(call, _permissions.Of(call.Operation, call.Target.Bucket, call.Key, header), header);
    }

    /// <summary>Refuses what the caller has no right to do to an object that is not the request's own: a copy's source, or one of many to be deleted.</summary>
    public void RequireObject(OssCall call, string operation, Bucket bucket, string key)
    {
        if (call.Caller.IsAnonymous)
        {
            RequirePublic(CanBePublic(operation) && IsPublic(operation, bucket, key));
            return;
        }

        RequireRights(call, _permissions.Of(operation, bucket.Name, key, call.Header), call.Header);
    }

    private static void RequirePublic(bool isPublic)
    {
        if (!isPublic)
        {
            throw Refusals.AnonymousAccess();
        }
    }

    // What has no permission by name is something that the emulator does not do, which it says next; or it names its objects where only the operation reads them, and asks
    // for each of them by RequireObject; or it lacks its key or its source, and is refused for that.
    private void RequireRights(OssCall call, IReadOnlyList<Permission>? permissions, Func<string, string?> header)
    {
        var context = PolicyContext.Of(call.Http, call.Operation, call.Target.Parameter, header, options.Clock.GetUtcNow());
        foreach (var permission in permissions ?? [])
        {
            if (call.Caller.Rights.Decide(permission.Action, permission.Resource, context) is not AccessDecision.Allowed and var decision)
            {
                throw Refusals.NoRight(decision);
            }
        }
    }

    private static bool CanBePublic(string operation) => Reads.Contains(operation) || Writes.Contains(operation);

    private static bool IsPublic(string operation, Bucket bucket, string? key)
    {
        var stored = key is null ? null : bucket.Objects.Find(key);
        var acl = stored?.Acl is { } own and not ObjectAcl.OfBucket ? own : bucket.Record.Acl;
        return acl == PublicReadWrite || (acl == PublicRead && Reads.Contains(operation));
    }
}
