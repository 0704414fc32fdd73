using System.Security.Cryptography;

namespace Oss.Emulator.Storage;

/// <summary>A bucket on disk: records of objects, records of open uploads, and the segments that both refer to.</summary>
internal sealed class Bucket
{
    /// <summary>The version id of what is stored without one.</summary>
    public const string NullVersion = "null";

    private const string RecordName = "bucket.json";

    private readonly string _folder;
    private readonly Lock _change = new();
    private volatile BucketRecord _record;

    private Bucket(BucketRecord record, string folder)
    {
        _record = record;
        _folder = folder;
        Segments = new SegmentFolder(Path.Combine(folder, "segments"));
        Objects = new ObjectIndex(record.Name, Path.Combine(folder, "objects"), Segments);
        Uploads = new UploadIndex(record.Name, Path.Combine(folder, "uploads"), Segments);
    }

    public string Name => _record.Name;

    /// <summary>What the bucket is at this moment.</summary>
    public BucketRecord Record => _record;

    public SegmentFolder Segments { get; }

    public ObjectIndex Objects { get; }

    public UploadIndex Uploads { get; }

    /// <summary>Whether the bucket keeps objects from being replaced: versioning, also once suspended, puts <c>x-oss-forbid-overwrite</c> out of force.</summary>
    public bool CanForbidOverwrite => _record.Versioning is null;

    /// <summary>The version id of an object that is stored now; null where there is no versioning.</summary>
    public string? NewVersionId() => _record.Versioning switch
    {
        null => null,
        "Enabled" => "CAEQ" + RandomNumberGenerator.GetHexString(60),
        _ => NullVersion,
    };

    /// <summary>Makes a new bucket.</summary>
    public static Bucket Create(BucketRecord record, string folder)
    {
        Directory.CreateDirectory(folder);
        RecordFile.Write(Path.Combine(folder, RecordName), record, RecordJson.Default.BucketRecord);
        return new Bucket(record, folder);
    }

    /// <summary>Opens the bucket as the last run left it, and removes what that run left unfinished.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="otherwise">What it is taken for when its record is not there.</param>
    public static Bucket Open(string folder, BucketRecord otherwise)
    {
        var bucket = new Bucket(RecordFile.TryRead(Path.Combine(folder, RecordName), RecordJson.Default.BucketRecord) ?? otherwise, folder);
        var sizes = bucket.Segments.Sizes();
        var used = bucket.Objects.Load(sizes);
        bucket.Uploads.Load(sizes, used);
        foreach (var unused in sizes.Keys.Where(segment => !used.Contains(segment)))
        {
            bucket.Segments.Delete(unused);
        }

        return bucket;
    }

    /// <summary>Changes what the bucket is.</summary>
    public void Change(Func<BucketRecord, BucketRecord> change)
    {
        lock (_change)
        {
            var record = change(_record);
            RecordFile.Write(Path.Combine(_folder, RecordName), record, RecordJson.Default.BucketRecord);
            _record = record;
        }
    }

    /// <summary>Takes the bucket away if nothing is in it; whatever was about to be stored is refused from then on.</summary>
    /// <param name="moved">Where its folder is put, in one step, before it is removed.</param>
    /// <returns>False when it has an object or an open upload.</returns>
    public bool TryDelete(string moved)
    {
        if (!Uploads.TryClose())
        {
            return false;
        }

        if (!Objects.TryClose())
        {
            Uploads.Reopen();
            return false;
        }

        Directory.Move(_folder, moved);
        Directory.Delete(moved, recursive: true);
        return true;
    }
}
