using Azure.Core;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace LocalWorker.Hosting;

/// <summary>A storage account's queues, by a connection string or by an identity, as the host in Azure has both. The string wins.</summary>
internal sealed record QueueConnection(string? ConnectionString, Uri? Service = null, TokenCredential? Identity = null)
{
    private const string ManagedIdentity = "managedidentity";

    /// <summary>A connection of a prefix's settings (<c>__accountName</c> or <c>__queueServiceUri</c>, <c>__credential</c>, <c>__clientId</c>); null: it has none.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot be; the message names it.</exception>
    public static QueueConnection? ByIdentity(string name, IConfiguration section)
    {
        var uri = Text("queueServiceUri") ?? (Text("accountName") is { } account ? $"https://{account}.queue.core.windows.net" : null);
        if (uri is null)
        {
            return null;
        }

        if (!Uri.TryCreate(uri, UriKind.Absolute, out var service) || service.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException($"The setting '{name}__queueServiceUri' is no https URL: tokens go to no other.");
        }

        var client = Text("clientId");
        return Text("credential") switch
        {
            null => new(null, service, new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = client })),
            var kind when kind.Equals(ManagedIdentity, StringComparison.OrdinalIgnoreCase) =>
                new(null, service, new ManagedIdentityCredential(client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client))),
            var kind => throw new InvalidOperationException($"The setting '{name}__credential' is '{kind}': expected {ManagedIdentity}, or nothing."),
        };

        string? Text(string key) => section[key] is { Length: > 0 } value ? value : null;
    }

    public QueueServiceClient Open(QueueClientOptions options) => Identity is null ? new(ConnectionString, options) : new(Service, Identity, options);
}
