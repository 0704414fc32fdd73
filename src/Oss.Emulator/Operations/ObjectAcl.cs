using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>An object's own ACL, which goes before its bucket's.</summary>
internal static class ObjectAcl
{
    public const string Header = "x-oss-object-acl";

    /// <summary>The ACL of an object that has none of its own.</summary>
    public const string OfBucket = "default";

    private static readonly string[] Values = [OfBucket, "private", "public-read", "public-read-write"];

    /// <summary>A header's or a form field's value, if it is one; null when there is none.</summary>
    public static string? Checked(string? value) =>
        value is null || Values.Contains(value, StringComparer.Ordinal) ? value : throw Refusals.InvalidArgument(Header, value, $"The value of {Header} is invalid.");
}

internal sealed class GetObjectAcl : IOperation
{
    public string Name => "GetObjectAcl";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var record = CurrentObject.Find(call);
        VersionIds.Write(call, record);
        return Reply.XmlAsync(call, 200, new AccessControlPolicy(BucketOwner.Id, record.Acl ?? ObjectAcl.OfBucket).ToXml());
    }
}

/// <summary>Leaves the time of the object's last change as it is.</summary>
internal sealed class PutObjectAcl : IOperation
{
    public string Name => "PutObjectAcl";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var acl = ObjectAcl.Checked(call.Header(ObjectAcl.Header)) ?? throw Refusals.InvalidArgument(ObjectAcl.Header, null, $"The request must have the header {ObjectAcl.Header}.");
        VersionIds.Write(call, CurrentObject.Change(call, record => record with { Acl = acl }));
        return Reply.EmptyAsync(call, 200);
    }
}
