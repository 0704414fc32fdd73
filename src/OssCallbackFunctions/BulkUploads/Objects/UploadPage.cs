using Azure.Data.Tables;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Who drives the objects of a page: a row of the job's partition.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Page">From 0.</param>
/// <param name="Epoch">The job's beginning that the claim is of.</param>
/// <param name="Claim">Id of the message that has the page. Another of the same epoch is a repeat, and dropped.</param>
/// <param name="Stride">Pages from this one to the next of its lane.</param>
/// <param name="IsWaiting">Whether the driver went away until one of its multipart uploads has ended: whoever ends one calls it back.</param>
internal sealed record UploadPage(string JobId, int Page, int Epoch, string Claim, int Stride, bool IsWaiting)
{
    /// <summary>Objects of a page: with a row that says which object has a key, each, a page fits one transaction of 100.</summary>
    public const int Size = 48;

    public Azure.ETag Version { get; init; }

    public TableEntity ToEntity() => new(JobId, UploadObjectRows.Page(Page)) { ["Epoch"] = Epoch, ["Claim"] = Claim, ["Stride"] = Stride, ["IsWaiting"] = IsWaiting };

    public static UploadPage From(TableEntity entity) => new(
        entity.PartitionKey, (int)UploadObjectRows.Number(entity.RowKey), entity.GetInt32("Epoch")!.Value, entity.GetString("Claim"), entity.GetInt32("Stride")!.Value,
        entity.GetBoolean("IsWaiting")!.Value)
    {
        Version = entity.ETag,
    };

    /// <summary>Pages of so many objects.</summary>
    public static int Count(long objects) => (int)((objects + Size - 1) / Size);
}
