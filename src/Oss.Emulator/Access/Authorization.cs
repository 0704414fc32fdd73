using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;

namespace Oss.Emulator.Access;

/// <summary>What a caller may do. A key may do what policies let it; an anonymous caller what the ACLs of object and bucket make public.</summary>
internal sealed class Authorization(OssEmulatorOptions options)
{
    private const string PublicRead = "public-read";
    private const string PublicReadWrite = "public-read-write";

    private static readonly HashSet<string> Reads = new(StringComparer.Ordinal) { "GetObject", "HeadObject", "GetObjectMeta" };

    private static readonly HashSet<string> Writes = new(StringComparer.Ordinal)
    {
        "PutObject", "PostObject", "AppendObject", "DeleteObject",
        "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
    };

    private readonly Permissions _permissions = new(options.Region, CallbackRequest.Account);

    /// <summary>Refuses what the caller has no right to.</summary>
    /// <param name="call">The request.</param>
    /// <param name="header">Finds a header, or the field of a form that stands for it.</param>
    public void Require(OssCall call, Func<string, string?> header)
    {
        if (call.Caller.IsAnonymous)
        {
            if (!IsPublic(call))
            {
                throw Refusals.AnonymousAccess();
            }

            return;
        }

        var context = PolicyContext.Of(call.Http, call.Operation, call.Target.Parameter, header, options.Clock.GetUtcNow());
        // What has no permission by name is something that the emulator does not do; it says so next.
        foreach (var permission in _permissions.Of(call.Operation, call.Target.Bucket, call.Key, header) ?? [])
        {
            if (call.Caller.Rights.Decide(permission.Action, permission.Resource, context) is not AccessDecision.Allowed and var decision)
            {
                throw Refusals.NoRight(decision);
            }
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
