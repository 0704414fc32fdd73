using System.IO.Pipelines;
using Oss.Protocol;

namespace Oss.Emulator.Storage;

/// <summary>A body that has been written to disk, with its checksums. Disposed of without <see cref="Keep"/>, it is gone.</summary>
internal sealed class IncomingSegment : IDisposable
{
    private readonly SegmentFolder _folder;
    private bool _kept;

    private IncomingSegment(SegmentFolder folder, Segment segment, byte[] md5)
    {
        _folder = folder;
        Segment = segment;
        Md5 = md5;
    }

    public Segment Segment { get; }

    public byte[] Md5 { get; }

    /// <summary>MD5 as ETags write it.</summary>
    public string ETag => Convert.ToHexString(Md5);

    /// <summary>Writes a body to a new segment in bounded memory.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="maxSize">More bytes than this are refused.</param>
    /// <param name="tooLarge">The refusal, from the limit and the size seen.</param>
    /// <param name="onBytes">Told of each piece's size.</param>
    /// <param name="cancellationToken">Ends it; nothing stays behind.</param>
    public static async Task<IncomingSegment> ReceiveAsync(
        SegmentFolder folder, PipeReader body, long maxSize, Func<long, long, OssException> tooLarge, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var name = SegmentFolder.NewName();
        try
        {
            using var writer = new SegmentWriter(folder.Create(name), maxSize, tooLarge, onBytes);
            var md5 = await writer.WriteAsync(body, cancellationToken);
            return new IncomingSegment(folder, new Segment(name, writer.Size, writer.Crc64), md5);
        }
        catch
        {
            folder.Delete(name);
            throw;
        }
    }

    /// <summary>The record of an object that has these bytes alone.</summary>
    public ObjectRecord ToObject(string key, ObjectDescription description, DateTimeOffset time, string? versionId) => new()
    {
        Key = key,
        ETag = ETag,
        Type = ObjectRecord.Normal,
        Size = Segment.Size,
        Crc64 = Segment.Crc64,
        ContentMd5 = Convert.ToBase64String(Md5),
        LastModified = time,
        Headers = description.Headers,
        Acl = description.Acl,
        Tags = description.Tags,
        VersionId = versionId,
        Segments = [Segment],
    };

    /// <summary>Hands the file over to the object or part that refers to it now.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
        {
            _folder.Delete(Segment.Name);
        }
    }
}
