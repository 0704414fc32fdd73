using System.Globalization;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A file below the configured root, pinned by size and time of the last change.</summary>
internal sealed class FileUploadSource(string path) : IUploadSource
{
    public Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Facts());

    public UploadBody Open(PartRange part, SourceFacts pinned) => new(part.Length, _ =>
    {
        Check(pinned);
        try
        {
            return ValueTask.FromResult<Stream>(new PinnedFile(path, part.Offset, part.Length, () => Check(pinned)));
        }
        catch (UnauthorizedAccessException)
        {
            throw new SourceException("source_refused", "The file cannot be read: it is closed to this app.");
        }
    });

    private void Check(SourceFacts pinned)
    {
        if (Facts() != pinned)
        {
            throw new SourceException("source_changed", "The file was changed while it was being uploaded.");
        }
    }

    private SourceFacts Facts()
    {
        var file = new FileInfo(path);
        return file.Exists
            ? new SourceFacts(file.Length, file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture)) { LastModified = file.LastWriteTimeUtc }
            : throw new SourceException("source_not_found", "There is no such file below the configured root.");
    }
}
