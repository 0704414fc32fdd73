using Microsoft.Win32.SafeHandles;
using Oss.Emulator.Http;

namespace Oss.Emulator.Storage;

/// <summary>The segments of a bucket. A segment that no object and no open upload refers to is rubbish, to be removed at the next start.</summary>
internal sealed class SegmentFolder
{
    private readonly string _bucket;
    private readonly string _folder;

    public SegmentFolder(string bucket, string folder)
    {
        _bucket = bucket;
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    public static string NewName() => Guid.NewGuid().ToString("N");

    public SafeFileHandle Create(string name)
    {
        try
        {
            return File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        }
        catch (DirectoryNotFoundException)
        {
            throw Refusals.NoSuchBucket(_bucket);
        }
    }

    public SafeFileHandle Open(Segment segment) =>
        File.OpenHandle(PathOf(segment.Name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);

    /// <summary>Copies a segment of another bucket's.</summary>
    public void CopyFrom(SegmentFolder source, Segment segment, Segment copy) => File.Copy(source.PathOf(segment.Name), PathOf(copy.Name));

    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // The bucket is gone, and the segment with it.
        }
    }

    public void Delete(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
        {
            Delete(segment.Name);
        }
    }

    /// <summary>Names and sizes of the files that are there.</summary>
    public Dictionary<string, long> Sizes() =>
        new DirectoryInfo(_folder).EnumerateFiles().ToDictionary(file => file.Name, file => file.Length, StringComparer.Ordinal);

    private string PathOf(string name) => Path.Combine(_folder, name);
}
