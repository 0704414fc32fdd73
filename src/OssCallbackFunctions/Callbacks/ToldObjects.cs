using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// Which upload an object belongs to, one row for each state of an object in table <c>uploadobjects</c>. Two credentials may be lent for one key, and HeadObject does not say which of
/// them was used: without this, the ledger would tell of the object once more under the id of the other.
/// </summary>
public sealed class ToldObjects(StorageAccount storage)
{
    private const string Table = "uploadobjects";
    private const string IdColumn = "UploadId";
    private const string FoundColumn = "FoundWithoutCallback";
    private const char Separator = '@';
    private const char AfterSeparator = 'A';

    /// <summary>Makes the table, where there is none.</summary>
    internal Task OpenAsync() => storage.TableAsync(Table);

    /// <summary>
    /// Takes an object for an upload, unless another was sooner. A callback gives way to the ledger alone: two callbacks are about two uploads, even of the same bytes in the same second.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="storedAt">When OSS stored it: the same bytes may be stored again.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it is the upload's, now or before.</returns>
    internal async Task<bool> ClaimAsync(UploadEventData upload, DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var isFound = upload.FoundWithoutCallback == true;
        var row = new TableEntity(Partition(upload), Row(upload, storedAt)) { [IdColumn] = upload.UploadId, ["Key"] = upload.Key, [FoundColumn] = isFound };
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            TableEntity first = await table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            return first.GetString(IdColumn) == upload.UploadId || (!isFound && first.GetBoolean(FoundColumn) != true);
        }
    }

    /// <summary>Gives an object back that turned out to be none of the upload's.</summary>
    internal async Task ReleaseAsync(UploadEventData upload, DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        if (await table.FindAsync(Partition(upload), Row(upload, storedAt), cancellationToken) is { } row && row.GetString(IdColumn) == upload.UploadId)
        {
            await table.DeleteEntityAsync(row, row.ETag, cancellationToken);
        }
    }

    /// <summary>The removal of an object's row.</summary>
    internal static RowRemoval RowOf(UploadEventData upload, DateTimeOffset storedAt, DateTimeOffset due) => new(Table, Partition(upload), Row(upload, storedAt), due);

    /// <summary>
    /// Takes an object that no callback told of, unless the same bytes have been told of under the same key meanwhile. An uploader that misses the reply sends them again: the object is a
    /// new one, and without this it would be told of once more, under the id of a credential for the key that nobody used.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="storedAt">When OSS stored the object.</param>
    /// <param name="since">From when on the same bytes may not have been told of: as a rule, when the credential was lent.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it is the upload's, now or before.</returns>
    internal async Task<bool> ClaimFoundAsync(UploadEventData upload, DateTimeOffset storedAt, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var (partition, first, end) = (Partition(upload), Row(upload, since), upload.ETag + AfterSeparator);
        var isTold = false;
        await foreach (var told in table.QueryAsync<TableEntity>(
            row => row.PartitionKey == partition && row.RowKey.CompareTo(first) >= 0 && row.RowKey.CompareTo(end) < 0, cancellationToken: cancellationToken))
        {
            var isOwn = told.GetString(IdColumn) == upload.UploadId;
            if (isOwn && told.RowKey == Row(upload, storedAt))
            {
                return true;
            }

            isTold |= !isOwn;
        }

        return !isTold && await ClaimAsync(upload, storedAt, cancellationToken);
    }

    // Keys may have what a table's keys must not.
    private static string Partition(UploadEventData upload) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{upload.Bucket}/{upload.Key}")));

    // The seconds have as many digits until the year 2286 as they have had since 2001: in the order of the table they are in that of time.
    private static string Row(UploadEventData upload, DateTimeOffset storedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{upload.ETag}{Separator}{storedAt.ToUnixTimeSeconds()}");
}
