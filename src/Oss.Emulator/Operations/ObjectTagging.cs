using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

internal sealed class GetObjectTagging : IOperation
{
    public string Name => "GetObjectTagging";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var record = CurrentObject.Find(call);
        VersionIds.Write(call, record);
        var tagging = new Tagging([.. (record.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key, tag.Value))]);
        return Reply.XmlAsync(call, 200, tagging.ToXml());
    }
}

/// <summary>Puts the tags given in the place of all there were. The time of the object's last change stays.</summary>
internal sealed class PutObjectTagging : IOperation
{
    private const int MaxXmlSize = 64 * 1024;

    public string Name => "PutObjectTagging";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var tagging = await RequestXml.ReadAsync(call, MaxXmlSize, Tagging.Parse, cancellationToken);
        var tags = ObjectTags.Checked(tagging.Tags.Select(tag => new ObjectTag(tag.Key, tag.Value)));
        VersionIds.Write(call, CurrentObject.Change(call, record => record with { Tags = tags }));
        await Reply.EmptyAsync(call, 200);
    }
}

internal sealed class DeleteObjectTagging : IOperation
{
    public string Name => "DeleteObjectTagging";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        VersionIds.Write(call, CurrentObject.Change(call, record => record.Tags is null ? record : record with { Tags = null }));
        return Reply.EmptyAsync(call, 204);
    }
}
