using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The rows of the jobs' objects. A row is changed only as it was read (ETag).</summary>
public sealed class UploadObjects(StorageAccount storage)
{
    private const int MaxAttempts = 10;

    internal async Task<UploadObject?> FindAsync(string jobId, long number, CancellationToken cancellationToken)
    {
        return await (await TableAsync()).FindAsync(jobId, UploadObjectRows.Of(number), cancellationToken) is { } found ? UploadObject.From(found) : null;
    }

    /// <summary>Objects from <paramref name="first"/> up to, and without, <paramref name="end"/>, in the order of their numbers.</summary>
    internal async IAsyncEnumerable<UploadObject> ListAsync(
        string jobId, long first, long end, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = (await TableAsync()).QueryAsync<TableEntity>(UploadObjectRows.Between(jobId, first, end), cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            yield return UploadObject.From(row);
        }
    }

    /// <summary>The objects of a page.</summary>
    internal IAsyncEnumerable<UploadObject> PageAsync(string jobId, int page, CancellationToken cancellationToken) =>
        ListAsync(jobId, (long)page * UploadPage.Size, (page + 1L) * UploadPage.Size, cancellationToken);

    /// <summary>The objects of a page that are not counted yet.</summary>
    internal async Task<List<UploadObject>> OpenOfPageAsync(string jobId, int page, CancellationToken cancellationToken) =>
        await PageAsync(jobId, page, cancellationToken).Where(found => !found.IsCounted).ToListAsync(cancellationToken);

    /// <summary>Numbers that an index has, at most <paramref name="count"/>, from one on.</summary>
    /// <param name="jobId">Id of the job.</param>
    /// <param name="first">Row of the index to begin with.</param>
    /// <param name="count">Numbers at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal async Task<List<long>> IndexedAsync(string jobId, string first, int count, CancellationToken cancellationToken)
    {
        var rows = (await TableAsync()).QueryAsync<TableEntity>(UploadObjectRows.From(jobId, first), count, ["RowKey"], cancellationToken);
        return await rows.Take(count).Select(row => UploadObjectRows.Number(row.RowKey)).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Adds the objects of a page, with the rows that say which object has which key. An object whose key another has fails: which of them would be there in the end, nobody could say.
    /// Objects that are there stay as they are.
    /// </summary>
    internal async Task AddAsync(IReadOnlyList<UploadObject> page, CancellationToken cancellationToken)
    {
        var table = await TableAsync();
        var left = page.ToList();
        for (var attempt = 0; left.Count > 0; attempt++)
        {
            try
            {
                await table.SubmitTransactionAsync(left.SelectMany(Additions), cancellationToken);
                return;
            }
            catch (TableTransactionFailedException e) when (e.Status == 409 && attempt < 2 * UploadPage.Size + 2)
            {
                left = await WithoutConflictsAsync(table, left, cancellationToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == "InvalidDuplicateRow")
            {
                // Two of this page have one key, which a transaction does not take.
                left = [.. left.Select((found, at) => left.FindIndex(other => other.Key == found.Key && !other.IsFinal) is var first && first < at && !found.IsFinal ? Repeated(found, left[first].Number) : found)];
            }
        }
    }

    private static IEnumerable<TableTransactionAction> Additions(UploadObject found)
    {
        yield return new TableTransactionAction(TableTransactionActionType.Add, found.ToEntity());
        if (!found.IsFinal)
        {
            yield return new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(found.JobId, UploadObjectRows.Key(found.Key)) { ["Number"] = found.Number });
        }
    }

    private static async Task<List<UploadObject>> WithoutConflictsAsync(TableClient table, List<UploadObject> page, CancellationToken cancellationToken)
    {
        var left = new List<UploadObject>();
        foreach (var found in page)
        {
            if (await table.FindAsync(found.JobId, UploadObjectRows.Of(found.Number), cancellationToken) is not null)
            {
                continue;
            }

            var taken = await table.FindAsync(found.JobId, UploadObjectRows.Key(found.Key), cancellationToken);
            left.Add(!found.IsFinal && taken?.GetInt64("Number") is { } first && first != found.Number ? Repeated(found, first) : found);
        }

        return left;
    }

    private static UploadObject Repeated(UploadObject found, long first) => found.Fail(new BulkUploadError("key_repeated", $"Object {first} of the job has this key."));

    /// <summary>Changes an object's row; null: there was nothing to change any more.</summary>
    internal async Task<UploadObject?> UpdateAsync(string jobId, long number, Func<UploadObject, UploadObject?> change, CancellationToken cancellationToken)
    {
        var table = await TableAsync();
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(jobId, number, cancellationToken) is not { } found || change(found) is not { } changed)
            {
                return null;
            }

            try
            {
                var saved = await table.UpdateEntityAsync(changed.ToEntity(), found.Version, TableUpdateMode.Replace, cancellationToken);
                return changed with { Version = saved.Headers.ETag!.Value };
            }
            catch (RequestFailedException e) when (e.Status == 412 && attempt < MaxAttempts)
            {
                // Changed in between: look again.
            }
        }
    }

    /// <summary>Saves an object as it was read and changed; false: somebody else has changed it meanwhile.</summary>
    internal async Task<bool> TrySaveAsync(UploadObject changed, CancellationToken cancellationToken)
    {
        try
        {
            await (await TableAsync()).UpdateEntityAsync(changed.ToEntity(), changed.Version, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    /// <summary>Notes that a multipart upload is about to be begun, before it is: so that none is lost, whoever dies.</summary>
    /// <returns>The object as saved; null: somebody else has changed it meanwhile.</returns>
    internal async Task<UploadObject?> NoteBeginningAsync(UploadObject changed, CancellationToken cancellationToken)
    {
        var noted = changed with { Beginnings = changed.Beginnings + 1 };
        var index = new TableEntity(changed.JobId, UploadObjectRows.Uploading(changed.Number));
        try
        {
            var saved = await (await TableAsync()).SubmitTransactionAsync(
                [
                    new TableTransactionAction(TableTransactionActionType.UpdateReplace, noted.ToEntity(), noted.Version),
                    new TableTransactionAction(TableTransactionActionType.UpsertReplace, index),
                ],
                cancellationToken);
            return noted with { Version = saved.Value[0].Headers.ETag!.Value };
        }
        catch (TableTransactionFailedException e) when (e.Status == 412)
        {
            return null;
        }
    }

    /// <summary>Takes an object out of the index of uploads.</summary>
    internal async Task RemoveUploadingAsync(string jobId, long number, CancellationToken cancellationToken) =>
        await (await TableAsync()).DeleteEntityAsync(jobId, UploadObjectRows.Uploading(number), ETag.All, cancellationToken);

    internal Task<TableClient> TableAsync() => storage.TableAsync(BulkUploadRecords.Table);
}
