using System.Security.Cryptography;
using Oss.Emulator.Http;

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
    private bool _deleted;

    private Bucket(BucketRecord record, string folder)
    {
        _record = record;
        _folder = folder;
        Segments = new SegmentFolder(record.Name, Path.Combine(folder, "segments"));
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

    /// <summary>Makes a new bucket; it is there from the rename of its folder on.</summary>
    /// <param name="record">What it is.</param>
    /// <param name="folder">Where it is to be.</param>
    /// <param name="unfinished">Where its folder is made.</param>
    public static Bucket Create(BucketRecord record, string folder, string unfinished)
    {
        Directory.CreateDirectory(unfinished);
        RecordFile.Write(Path.Combine(unfinished, RecordName), record, RecordJson.Default.BucketRecord);
        Directory.Move(unfinished, folder);
        return new Bucket(record, folder);
    }

    /// <summary>Opens the bucket as the last run left it, and removes what that run left unfinished.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="otherwise">What it is when its record cannot be read. Its name holds in any case: it is the folder's.</param>
    public static Bucket Open(string folder, BucketRecord otherwise)
    {
        var path = Path.Combine(folder, RecordName);
        RecordFile.RemoveUnfinished(folder, SearchOption.TopDirectoryOnly);
        var record = RecordFile.TryRead(path, RecordJson.Default.BucketRecord) is { } found ? found with { Name = otherwise.Name } : otherwise;
        if (ReferenceEquals(record, otherwise))
        {
            RecordFile.Write(path, record, RecordJson.Default.BucketRecord);
        }

        var bucket = new Bucket(record, folder);
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
            // The folder may be another bucket's by now.
            if (_deleted)
            {
                throw Refusals.NoSuchBucket(Name);
            }

            var record = change(_record);
            RecordFile.Write(Path.Combine(_folder, RecordName), record, RecordJson.Default.BucketRecord);
            _record = record;
        }
    }

    /// <summary>Takes the bucket away if nothing is in it; whatever was about to be stored is refused from then on.</summary>
    /// <param name="moved">Where its folder is put, in one step; it can be removed from there.</param>
    /// <returns>False when it has an object or an open upload.</returns>
    public bool TryDelete(string moved)
    {
        lock (_change)
        {
            if (!Objects.TryClose(Uploads.TryClose))
            {
                return false;
            }

            try
            {
                Directory.Move(_folder, moved);
                return _deleted = true;
            }
            catch
            {
                // The bucket is where it was, so it has to be of use.
                Uploads.Reopen();
                Objects.Reopen();
                throw;
            }
        }
    }
}
