using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

/// <summary>The header that gives a bucket its ACL.</summary>
internal static class BucketAcl
{
    private const string Header = "x-oss-acl";
    private static readonly string[] Choices = ["private", "public-read", "public-read-write"];

    /// <summary>The ACL that a request asks for; null when it does not say.</summary>
    public static string? Read(OssCall call) => call.Header(Header) switch
    {
        null => null,
        var acl when Choices.Contains(acl, StringComparer.Ordinal) => acl,
        var acl => throw Refusals.InvalidArgument(Header, acl, "no such bucket access control exists"),
    };
}

internal sealed class GetBucketAcl : IOperation
{
    public string Name => "GetBucketAcl";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) =>
        Reply.XmlAsync(call, 200, new AccessControlPolicy(BucketOwner.Id, call.Bucket.Record.Acl).ToXml());
}

/// <summary>Without its header it changes nothing, which is no error.</summary>
internal sealed class PutBucketAcl : IOperation
{
    public string Name => "PutBucketAcl";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (BucketAcl.Read(call) is { } acl)
        {
            call.Bucket.Change(record => record with { Acl = acl });
        }

        return Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }
}
