namespace Oss.Emulator.Storage;

/// <summary>A bucket on disk: records of objects, records of open uploads, and the segments that both refer to.</summary>
internal sealed class Bucket
{
    private Bucket(string name, string folder)
    {
        Name = name;
        Segments = new SegmentFolder(Path.Combine(folder, "segments"));
        Objects = new ObjectIndex(Path.Combine(folder, "objects"), Segments);
        Uploads = new UploadIndex(Path.Combine(folder, "uploads"), Segments);
    }

    public string Name { get; }

    public SegmentFolder Segments { get; }

    public ObjectIndex Objects { get; }

    public UploadIndex Uploads { get; }

    /// <summary>Opens the bucket as the last run left it, and removes what that run left unfinished.</summary>
    public static Bucket Open(string name, string folder)
    {
        var bucket = new Bucket(name, folder);
        var sizes = bucket.Segments.Sizes();
        var used = bucket.Objects.Load(sizes);
        bucket.Uploads.Load(sizes, used);
        foreach (var unused in sizes.Keys.Where(segment => !used.Contains(segment)))
        {
            bucket.Segments.Delete(unused);
        }

        return bucket;
    }
}
