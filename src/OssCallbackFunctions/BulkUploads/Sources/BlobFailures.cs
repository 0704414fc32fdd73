using Azure;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Sorts what goes wrong with blobs into what will not pass (<see cref="SourceException"/>) and what may. Messages are our own: the service's may quote what was signed.</summary>
internal static class BlobFailures
{
    public static async Task<T> SortAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (RequestFailedException e) when (Permanent(e) is { } refused)
        {
            throw refused;
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is RequestFailedException or OperationCanceledException or IOException))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("The storage account of the source did not answer, several times.", e.InnerExceptions[0]);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The storage account of the source did not answer in time.", e);
        }
    }

    private static SourceException? Permanent(RequestFailedException e) => e.Status switch
    {
        404 => new("source_not_found", "There is no such blob, or no such container."),
        401 or 403 => new("source_refused", $"The storage account refuses to show the blob: {e.ErrorCode}."),
        409 when e.ErrorCode == "BlobArchived" => new("source_refused", "The blob is archived: it has to be rehydrated first."),
        412 or 416 => new("source_changed", "The blob was changed while it was being uploaded."),
        400 => new("source_refused", $"The storage account does not take the request: {e.ErrorCode}."),
        _ => null,
    };
}
