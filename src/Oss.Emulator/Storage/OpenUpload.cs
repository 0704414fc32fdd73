using System.Globalization;
using Oss.Emulator.Http;

namespace Oss.Emulator.Storage;

/// <summary>A multipart upload in progress. Whatever comes last, a part, a completion or an abort, finds what the one before left: they take turns.</summary>
internal sealed class OpenUpload
{
    private const string UploadFile = "upload.json";

    private readonly string _folder;
    private readonly SegmentFolder _segments;
    private readonly SortedDictionary<int, PartRecord> _parts = [];
    private readonly Lock _turn = new();
    private bool _ended;

    public OpenUpload(UploadRecord record, string folder, SegmentFolder segments)
    {
        Record = record;
        _folder = folder;
        _segments = segments;
    }

    public UploadRecord Record { get; }

    /// <summary>Writes the record of a new upload.</summary>
    public void Create()
    {
        Directory.CreateDirectory(_folder);
        RecordFile.Write(Path.Combine(_folder, UploadFile), Record, RecordJson.Default.UploadRecord);
    }

    /// <summary>The upload that an earlier run left in the folder, without parts whose bytes are not there; null when there is none.</summary>
    public static OpenUpload? Load(string folder, SegmentFolder segments, Dictionary<string, long> segmentSizes)
    {
        if (RecordFile.TryRead(Path.Combine(folder, UploadFile), RecordJson.Default.UploadRecord) is not { } record)
        {
            return null;
        }

        var upload = new OpenUpload(record, folder, segments);
        foreach (var file in Directory.EnumerateFiles(folder, "part-*.json"))
        {
            if (RecordFile.TryRead(file, RecordJson.Default.PartRecord) is { } part && segmentSizes.GetValueOrDefault(part.Segment.Name, -1) == part.Segment.Size)
            {
                upload._parts[part.Number] = part;
            }
        }

        return upload;
    }

    /// <summary>The parts, by number.</summary>
    public PartRecord[] Parts()
    {
        lock (_turn)
        {
            return _ended ? throw Refusals.NoSuchUpload(Record.UploadId) : [.. _parts.Values];
        }
    }

    /// <summary>The parts, by number; none when the upload has just ended.</summary>
    public PartRecord[] PartsOrNone()
    {
        lock (_turn)
        {
            return _ended ? [] : [.. _parts.Values];
        }
    }

    /// <summary>Adds a part, or puts it in the place of the one that had its number.</summary>
    public void Put(PartRecord part)
    {
        PartRecord? before;
        lock (_turn)
        {
            ThrowIfEnded();
            RecordFile.Write(PartPath(part.Number), part, RecordJson.Default.PartRecord);
            _parts.Remove(part.Number, out before);
            _parts[part.Number] = part;
        }

        if (before is not null)
        {
            _segments.Delete(before.Segment.Name);
        }
    }

    /// <summary>Ends the upload by an object of some of its parts. The object's record is written first: should the process end in between, the next start sees whose they are.</summary>
    /// <param name="publish">Chooses among the parts, publishes the object and returns the segments it took; throws to leave the upload open.</param>
    public void Complete(Func<IReadOnlyDictionary<int, PartRecord>, IEnumerable<Segment>> publish)
    {
        lock (_turn)
        {
            ThrowIfEnded();
            var taken = publish(_parts);
            End(taken.Select(segment => segment.Name).ToHashSet(StringComparer.Ordinal));
        }
    }

    /// <summary>Ends the upload, and all its parts but those that belong to an object.</summary>
    public void End(HashSet<string> taken)
    {
        lock (_turn)
        {
            ThrowIfEnded();
            _ended = true;
            // First what makes the folder an upload: no end in between leaves half of one.
            File.Delete(Path.Combine(_folder, UploadFile));
            Directory.Delete(_folder, recursive: true);
            _segments.Delete(_parts.Values.Select(part => part.Segment).Where(segment => !taken.Contains(segment.Name)));
        }
    }

    private void ThrowIfEnded()
    {
        if (_ended)
        {
            throw Refusals.NoSuchUpload(Record.UploadId);
        }
    }

    private string PartPath(int number) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"part-{number:00000}.json"));
}
