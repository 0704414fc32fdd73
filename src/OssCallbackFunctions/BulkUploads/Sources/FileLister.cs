using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// The files of a folder and of those in it, by the ordinal order of their paths; the cursor is the path. One folder's names are held at a time, with those on the way to
/// it. Links are left out. What cannot be read is listed by its path, so that its own probe fails and not the listing.
/// </summary>
/// <param name="folder">Full path of the folder.</param>
/// <param name="prefix">Path of the folder below the configured root, "" or ending with "/".</param>
internal sealed class FileLister(string folder, string prefix) : ISourceLister
{
    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, ReturnSpecialDirectories = false, IgnoreInaccessible = false };

    public async IAsyncEnumerable<ListedSource> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new SourceException("source_not_found", "There is no such folder below the configured root.");
        }

        foreach (var path in Walk("", after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ListedSource(path, new BulkUploadSource { File = prefix + path }, null, path);
        }

        await Task.CompletedTask;
    }

    /// <param name="below">Path of the folder to walk, "" or ending with "/".</param>
    /// <param name="after">Last path that was taken; null: none.</param>
    private IEnumerable<string> Walk(string below, string? after)
    {
        if (Names(below) is not { } names)
        {
            // Closed to us, gone meanwhile, or with a name that is no text: its own path stands for what is in it.
            return IsAfter(below, after) ? [below] : [];
        }

        return names.Select(name => below + name).SelectMany(path =>
            !path.EndsWith('/') ? (IsAfter(path, after) ? [path] : [])
            : IsAfter(path, after) || after!.StartsWith(path, StringComparison.Ordinal) ? Walk(path, after)
            : []);
    }

    // Sorted with "/" behind the names of folders, which is the order of whole paths. Null: the folder cannot be read.
    private List<string>? Names(string below)
    {
        try
        {
            var names = new FileSystemEnumerable<string>(
                Path.Combine(folder, below), (ref FileSystemEntry entry) => entry.IsDirectory ? entry.FileName.ToString() + "/" : entry.FileName.ToString(), All)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
            }.ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return below.Length > 0 ? null : throw new SourceException("source_refused", "The folder below the configured root cannot be read.");
        }
    }

    private static bool IsAfter(string path, string? after) => after is null || string.CompareOrdinal(path, after) > 0;
}
