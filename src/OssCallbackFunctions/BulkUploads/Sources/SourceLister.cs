namespace OssCallbackFunctions.BulkUploads;

/// <summary>An object below a prefix.</summary>
/// <param name="Path">Relative to the prefix, separated by "/".</param>
/// <param name="Source">Where its bytes are. It may turn out later that it cannot be used.</param>
/// <param name="Facts">Its facts, where the listing tells them.</param>
/// <param name="Cursor">Continues the listing after this object, in any process.</param>
internal sealed record ListedSource(string Path, BulkUploadSource Source, SourceFacts? Facts, string Cursor);

/// <summary>Lists what is below a prefix, always in the same order.</summary>
internal interface ISourceLister
{
    /// <summary>The objects after the one whose <see cref="ListedSource.Cursor"/> is <paramref name="after"/>; null: from the first on.</summary>
    /// <exception cref="SourceException">The prefix is not there, or cannot be listed.</exception>
    IAsyncEnumerable<ListedSource> ListAsync(string? after, CancellationToken cancellationToken);
}
