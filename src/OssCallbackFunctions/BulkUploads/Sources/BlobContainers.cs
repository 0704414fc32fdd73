using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Blobs;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The containers of the settings, by name. Jobs name them, and never carry a secret.</summary>
internal sealed class BlobContainers(BulkUploadOptions options, StorageOptions storage)
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, BlobContainerClient> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<TokenCredential> _identity = new(() => StorageClients.Identity(storage));

    /// <summary>The container and the blob's name (or the folder's) of <c>NAME/path</c>.</summary>
    /// <exception cref="SourceException">It is no container of the settings, or a path that no URL can carry.</exception>
    public (BlobContainerClient Container, string Name, string Path) Find(string text)
    {
        var parts = text.Split('/', 2);
        var path = parts.ElementAtOrDefault(1) ?? "";
        return !options.UsedBlobContainers.TryGetValue(parts[0], out var settings)
            ? throw new SourceException("source_not_allowed", "source.blob must begin with the name of a container in BulkUploads__BlobContainers.")
            // They would be taken out of the URL, and lead to another container.
            : path.Split('/').Any(part => part is "." or "..") ? throw new SourceException("source_not_allowed", "source.blob must not have '.' or '..' between slashes.")
            : (_clients.GetOrAdd(parts[0], _ => Client(settings)), parts[0], path);
    }

    private BlobContainerClient Client(BlobContainerSettings settings)
    {
        // The newest version that storage emulators know too. What arrives is compared at its end, by CRC64; a check on the way would hold each piece in memory.
        var client = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05) { TransferValidation = { Download = { ChecksumAlgorithm = Azure.Storage.StorageChecksumAlgorithm.None } } };
        client.Retry.NetworkTimeout = NetworkTimeout;
        client.Retry.MaxRetries = 2;
        return settings.ConnectionString.Length > 0 ? new BlobContainerClient(settings.ConnectionString, settings.Container, client)
            : settings.HasSas ? new BlobContainerClient(new Uri(settings.Url), client)
            : new BlobContainerClient(new Uri(settings.Url), _identity.Value, client);
    }
}
