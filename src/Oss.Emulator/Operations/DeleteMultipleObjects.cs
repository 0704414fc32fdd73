using Oss.Emulator.Access;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Deletes what a list names, whether or not it is there. A list that is wrong in one place deletes nothing.</summary>
internal sealed class DeleteMultipleObjects(Authorization authorization) : IOperation
{
    private const int MaxXmlSize = 2 * 1024 * 1024;

    public string Name => "DeleteMultipleObjects";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var encodesKeys = EncodesKeys(call);
        var list = await ReadAsync(call, cancellationToken);
        foreach (var (key, versionId) in list.Objects)
        {
            Check(call, key, versionId);
        }

        var deleted = new List<DeletedObject>(list.Objects.Count);
        foreach (var (key, versionId) in list.Objects)
        {
            call.Bucket.Objects.Remove(key);
            deleted.Add(new DeletedObject(key, versionId, versionId is null ? call.Bucket.NewVersionId() : null));
        }

        await (list.Quiet ? Reply.EmptyAsync(call, 200) : Reply.XmlAsync(call, 200, new DeleteResult(deleted).ToXml(encodesKeys)));
    }

    // "url2" has the keys of the request encoded too.
    private static bool EncodesKeys(OssCall call) =>
        call.Target.Parameter("encoding-type") == "url2" ? throw Refusals.NotImplemented($"{call.Operation} with encoding-type url2") : call.EncodesKeys;

    private static async Task<Protocol.DeleteMultipleObjects> ReadAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (call.Request.ContentLength is null)
        {
            throw Refusals.MissingContentLength();
        }

        if (call.Header("Content-MD5") is null)
        {
            throw Refusals.MissingArgument("Content-MD5", "0016-00000606");
        }

        var list = await RequestXml.ReadAsync(call, MaxXmlSize, Protocol.DeleteMultipleObjects.Parse, cancellationToken);
        return list.Objects.Count <= OssLimits.MaxDeletedObjects ? list : throw Refusals.MalformedXml($"It names more than {OssLimits.MaxDeletedObjects} objects.");
    }

    private void Check(OssCall call, string key, string? versionId)
    {
        if (!ObjectKey.IsValid(key, out var reason))
        {
            throw Refusals.InvalidObjectName(key, reason);
        }

        authorization.RequireObject(call, "DeleteObject", call.Bucket, key);
        if (versionId is not null)
        {
            VersionIds.Require(call, call.Bucket.Objects.Find(key), versionId);
        }
    }
}
