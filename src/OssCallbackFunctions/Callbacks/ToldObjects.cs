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

    /// <summary>Takes an object for an upload, unless another was sooner.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="storedAt">When OSS stored it: the same bytes may be stored again.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it is the upload's, now or before.</returns>
    internal async Task<bool> ClaimAsync(UploadEventData upload, DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var (partition, row) = Name(upload, storedAt);
        try
        {
            await table.AddEntityAsync(new TableEntity(partition, row) { [IdColumn] = upload.UploadId, ["Key"] = upload.Key }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            TableEntity first = await table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
            return first.GetString(IdColumn) == upload.UploadId;
        }
    }

    /// <summary>The removal of an object's row.</summary>
    internal static RowRemoval RowOf(UploadEventData upload, DateTimeOffset storedAt, DateTimeOffset due)
    {
        var (partition, row) = Name(upload, storedAt);
        return new RowRemoval(Table, partition, row, due);
    }

    // Keys may have what a table's keys must not.
    private static (string Partition, string Row) Name(UploadEventData upload, DateTimeOffset storedAt) => (
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{upload.Bucket}/{upload.Key}"))),
        string.Create(CultureInfo.InvariantCulture, $"{upload.ETag}@{storedAt.ToUnixTimeSeconds()}"));
}
