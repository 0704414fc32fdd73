using System.Collections.Concurrent;
using System.Security.Cryptography;
using Oss.Emulator.Http;

namespace Oss.Emulator.Storage;

/// <summary>The open multipart uploads of a bucket, each in a folder of its own.</summary>
internal sealed class UploadIndex
{
    private readonly string _bucket;
    private readonly string _folder;
    private readonly SegmentFolder _segments;
    private readonly ConcurrentDictionary<string, OpenUpload> _uploads = new(StringComparer.Ordinal);
    private readonly Lock _change = new();
    private bool _closed;

    public UploadIndex(string bucket, string folder, SegmentFolder segments)
    {
        _bucket = bucket;
        _folder = folder;
        _segments = segments;
        Directory.CreateDirectory(folder);
        RecordFile.RemoveUnfinished(folder);
    }

    public OpenUpload Create(string key, DateTimeOffset time, ObjectDescription description)
    {
        var id = RandomNumberGenerator.GetHexString(32);
        var upload = new OpenUpload(new UploadRecord(id, key, time, description.Headers, description.Acl, description.Tags), Path.Combine(_folder, id), _segments);
        lock (_change)
        {
            if (_closed)
            {
                throw Refusals.NoSuchBucket(_bucket);
            }

            upload.Create();
            _uploads[id] = upload;
        }

        return upload;
    }

    /// <summary>The uploads in progress, in no order.</summary>
    public IEnumerable<OpenUpload> All => _uploads.Values;

    /// <summary>Takes no more uploads, if there are none; false when there are.</summary>
    public bool TryClose()
    {
        lock (_change)
        {
            return _closed = _uploads.IsEmpty;
        }
    }

    public void Reopen()
    {
        lock (_change)
        {
            _closed = false;
        }
    }

    /// <summary>The upload of that id and key: an id is worth nothing with another key.</summary>
    public OpenUpload Find(string uploadId, string key) =>
        _uploads.TryGetValue(uploadId, out var upload) && upload.Record.Key == key ? upload : throw Refusals.NoSuchUpload(uploadId);

    public void Forget(OpenUpload upload) => _uploads.TryRemove(upload.Record.UploadId, out _);

    /// <summary>Reads the uploads of an earlier run, and ends those that had become objects already.</summary>
    /// <param name="segmentSizes">The segments that are there.</param>
    /// <param name="used">The segments of objects; those of open uploads are added.</param>
    public void Load(Dictionary<string, long> segmentSizes, HashSet<string> used)
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            if (OpenUpload.Load(folder, _segments, segmentSizes) is not { } upload)
            {
                Directory.Delete(folder, recursive: true);
            }
            else if (upload.Parts().Select(part => part.Segment.Name).ToArray() is var names && names.Any(used.Contains))
            {
                upload.End(used);
            }
            else
            {
                _uploads[upload.Record.UploadId] = upload;
                used.UnionWith(names);
            }
        }
    }
}
