using System.Text;
using System.Xml;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

internal sealed class GetObjectTagging : IOperation
{
    public string Name => "GetObjectTagging";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        using var stored = CurrentObject.Hold(call);
        VersionIds.Write(call, stored.Record);
        var tagging = new Tagging([.. (stored.Record.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key, tag.Value))]);
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
        var tags = Parse(await SmallBody.ReadAsync(call, MaxXmlSize, cancellationToken));
        VersionIds.Write(call, CurrentObject.Change(call, record => record with { Tags = tags }));
        await Reply.EmptyAsync(call, 200);
    }

    private static IReadOnlyList<ObjectTag>? Parse(byte[] xml)
    {
        try
        {
            return ObjectTags.Checked(Tagging.Parse(Encoding.UTF8.GetString(xml)).Tags.Select(tag => new ObjectTag(tag.Key, tag.Value)));
        }
        catch (XmlException e)
        {
            throw Refusals.MalformedXml(e.Message);
        }
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
