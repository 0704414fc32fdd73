using System.Runtime.CompilerServices;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// The blobs below a folder of a container, in the service's order, with their facts. The cursor has the token of the page that a blob was on, and its name: the service lists from no name, and a page may have lost
/// blobs meanwhile. Folders of accounts that have such (hierarchical namespace) are left out.
/// </summary>
/// <param name="container">The container.</param>
/// <param name="name">Its name in the settings.</param>
/// <param name="folder">"" or ending with "/".</param>
/// <param name="pageSize">Blobs asked for at a time; a listing that is taken up again begins a page anew.</param>
internal sealed class BlobLister(BlobContainerClient container, string name, string folder, int pageSize = 250) : ISourceLister
{
    private const char Separator = '\n';

    public async IAsyncEnumerable<ListedSource> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (token, last) = after?.Split(Separator, 2) is [var page, var taken] ? (page, taken) : ("", null);
        var pages = container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, folder.Length > 0 ? folder : null, cancellationToken)
            .AsPages(token.Length > 0 ? token : null, pageSize).GetAsyncEnumerator(cancellationToken);
        await using (pages)
        {
            while (await BlobFailures.SortAsync(() => pages.MoveNextAsync().AsTask(), cancellationToken))
            {
                foreach (var blob in Rest(pages.Current.Values, last).Where(blob => !IsFolder(blob)))
                {
                    yield return new ListedSource(
                        blob.Name[folder.Length..],
                        new BulkUploadSource { Blob = $"{name}/{blob.Name}" },
                        BlobUploadSource.Facts(blob.Properties.ContentLength ?? 0, blob.Properties.ETag ?? default, blob.Properties.ContentType, blob.Properties.LastModified),
                        token + Separator + blob.Name);
                }

                (token, last) = (pages.Current.ContinuationToken ?? "", null);
            }
        }
    }

    /// <summary>What comes after the blob that was taken last; where that is gone, what has a greater name.</summary>
    private static IEnumerable<BlobItem> Rest(IReadOnlyList<BlobItem> page, string? last) =>
        last is null ? page
        : page.Any(blob => blob.Name == last) ? page.SkipWhile(blob => blob.Name != last).Skip(1)
        : page.Where(blob => Encoding.UTF8.GetBytes(blob.Name).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(last)) > 0);

    private bool IsFolder(BlobItem blob) => blob.Name.Length == folder.Length || blob.Metadata?.ContainsKey("hdi_isfolder") == true;
}
