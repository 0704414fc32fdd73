namespace OssCallbackFunctions.BulkUploads;

/// <summary>The folder that files are taken from, and nothing outside of it.</summary>
/// <param name="configured">Null or empty: no files.</param>
internal sealed class FileRoot(string? configured)
{
    /// <summary>Full path of a file or folder below the root.</summary>
    /// <exception cref="SourceException">It is not below it.</exception>
    public string Find(string file)
    {
        if (string.IsNullOrEmpty(configured))
        {
            throw new SourceException("source_not_allowed", "Files are not allowed as sources: BulkUploads__FileRoot is not set.");
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configured)) + Path.DirectorySeparatorChar;
        var path = file.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(root, file));
        return !path.StartsWith(root, StringComparison.Ordinal) ? throw new SourceException("source_not_allowed", "source.file is not below the configured root.")
            : HasLink(root, path) ? throw new SourceException("source_not_allowed", "source.file leads through a link: links below the configured root are not followed.")
            : path;
    }

    // A link, of a file or of any folder on the way, may point out of the root.
    private static bool HasLink(string root, string path)
    {
        for (FileSystemInfo? step = new FileInfo(path); step is not null && step.FullName.Length >= root.Length; step = new DirectoryInfo(Path.GetDirectoryName(step.FullName)!))
        {
            if (step.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
