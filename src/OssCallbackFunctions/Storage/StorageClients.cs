using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace OssCallbackFunctions.Storage;

/// <summary>The clients of the account in the options, by its connection string or by an identity.</summary>
internal sealed record StorageClients(TableServiceClient Tables, QueueServiceClient Queues, BlobServiceClient Blobs)
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(20);

    public static StorageClients Of(StorageOptions options)
    {
        var tables = new TableClientOptions();
        tables.Retry.NetworkTimeout = NetworkTimeout;

        // The newest version that storage emulators know too; messages in base64, as the queue trigger expects them.
        var queues = new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = QueueMessageEncoding.Base64 };
        queues.Retry.NetworkTimeout = NetworkTimeout;

        var blobs = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05);
        blobs.Retry.NetworkTimeout = NetworkTimeout;

        if (options.ConnectionString is { Length: > 0 } connection)
        {
            return new(new TableServiceClient(connection, tables), new QueueServiceClient(connection, queues), new BlobServiceClient(connection, blobs));
        }

        // One for all three, so that they share its tokens.
        var identity = Identity(options);
        return new(new TableServiceClient(options.Tables, identity, tables), new QueueServiceClient(options.Queues, identity, queues), new BlobServiceClient(options.Blobs, identity, blobs));
    }

    /// <summary>The app's identity towards storage, the account's and those that blobs are read from.</summary>
    public static TokenCredential Identity(StorageOptions options) =>
        !options.IsManagedIdentity ? new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ClientId.Length > 0 ? options.ClientId : null })
        : new ManagedIdentityCredential(options.ClientId.Length > 0 ? ManagedIdentityId.FromUserAssignedClientId(options.ClientId) : ManagedIdentityId.SystemAssigned);
}
