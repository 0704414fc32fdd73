using System.Globalization;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A file below the configured root, pinned by size and time of the last change.</summary>
internal sealed class FileUploadSource(string path) : IUploadSource
{
    public Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Facts());

    public UploadBody Open(PartRange part, SourceFacts pinned)
    {
        var file = UploadBody.FromFile(path, part.Offset, part.Length);
        return new UploadBody(part.Length, token =>
            Facts() == pinned ? file.OpenAsync(token) : throw new SourceException("source_changed", "The file was changed while it was being uploaded."));
    }

    private SourceFacts Facts()
    {
        var file = new FileInfo(path);
        return file.Exists
            ? new SourceFacts(file.Length, file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture))
            : throw new SourceException("source_not_found", "There is no such file below the configured root.");
    }
}
