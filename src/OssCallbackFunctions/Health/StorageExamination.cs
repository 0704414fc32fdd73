using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Health;

/// <summary>Tables, queues and containers of the storage account: whether they answer, and the app may write there. Leaves nothing behind.</summary>
internal sealed class StorageExamination(StorageAccount storage, NewId newId) : IExamination
{
    public string Name => "storage";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await TryAsync("storage_tables", "Storage Table Data Contributor", async () =>
        {
            var table = await storage.TableAsync(KeyedRecords.Table).WaitAsync(cancellationToken);
            var row = new TableEntity("doctor", newId());
            await table.UpsertEntityAsync(row, cancellationToken: cancellationToken);
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        });
        yield return await TryAsync("storage_queues", "Storage Queue Data Contributor", async () =>
        {
            // Messages of a queue that is read would be taken for real ones: it is peeked at, and created though it is there.
            var queue = await storage.QueueAsync(UploadLedger.Queue).WaitAsync(cancellationToken);
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.PeekMessageAsync(cancellationToken);
        });
        yield return await TryAsync("storage_blobs", "Storage Blob Data Contributor", async () =>
        {
            var blob = (await storage.ContainerAsync(BulkUploadReport.Container).WaitAsync(cancellationToken)).GetBlobClient($"doctor/{newId()}");
            await blob.UploadAsync(BinaryData.FromString("doctor"), cancellationToken);
            await blob.DeleteAsync(cancellationToken: cancellationToken);
        });
    }

    private static async Task<Finding> TryAsync(string check, string role, Func<Task> write)
    {
        try
        {
            await write();
            return Finding.Ok(check, "Read and written.");
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            return Finding.Error(check, $"Refused: {e.ErrorCode}.", $"Give the app's identity the role {role} on the storage account, or a connection string with its key. New roles take some minutes.");
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            return Finding.Error(
                check, $"No answer: {(e as RequestFailedException)?.ErrorCode ?? "the account is not there or cannot be reached"}.", "See AzureWebJobsStorage, the account's name and its firewall.");
        }
        catch (Exception e) when (e.GetType().Name is "AuthenticationFailedException" or "CredentialUnavailableException")
        {
            return Finding.Error(check, "The app's identity has no token.", "Give the app a managed identity, and AzureWebJobsStorage__clientId if it is a user-assigned one.");
        }
    }
}
