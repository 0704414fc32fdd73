using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace OssCallbackFunctions.Storage;

/// <summary>
/// The storage account that holds queues, tables and containers: the one the host uses, by the host's names for it. A connection string wins; without it, requests have the token of an identity.
/// </summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "AzureWebJobsStorage";

    private const string ManagedIdentity = "managedidentity";

    /// <summary>Connection string, from <c>AzureWebJobsStorage</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Name of an account in the public cloud.</summary>
    public string AccountName { get; set; } = "";

    /// <summary>Where blobs are, instead of the account's name.</summary>
    public string BlobServiceUri { get; set; } = "";

    /// <summary>Where queues are, instead of the account's name.</summary>
    public string QueueServiceUri { get; set; } = "";

    /// <summary>Where tables are, instead of the account's name.</summary>
    public string TableServiceUri { get; set; } = "";

    /// <summary><c>managedidentity</c>; empty: whichever identity the platform or the developer's tools have.</summary>
    public string Credential { get; set; } = "";

    /// <summary>Client id of a user-assigned identity; empty: the system-assigned one.</summary>
    public string ClientId { get; set; } = "";

    internal bool IsManagedIdentity => Credential.Length > 0;

    internal Uri Blobs => Service(BlobServiceUri, "blob");

    internal Uri Queues => Service(QueueServiceUri, "queue");

    internal Uri Tables => Service(TableServiceUri, "table");

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ConnectionString.Length > 0)
        {
            yield break;
        }

        (string Name, string Value)[] services = [("blobServiceUri", BlobServiceUri), ("queueServiceUri", QueueServiceUri), ("tableServiceUri", TableServiceUri)];
        if (AccountName.Length == 0 && services.All(service => service.Value.Length == 0))
        {
            yield return new ValidationResult(
                "AzureWebJobsStorage is missing: the connection string of the storage account (UseDevelopmentStorage=true for Azurite), or AzureWebJobsStorage__accountName for an identity.");
            yield break;
        }

        if (AccountName.Length > 0 && !(AccountName.Length is >= 3 and <= 24 && AccountName.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))))
        {
            yield return new ValidationResult($"AzureWebJobsStorage__accountName is '{AccountName}': expected 3 to 24 of a-z and 0-9.");
        }

        foreach (var (name, value) in services)
        {
            if (value.Length == 0 && AccountName.Length == 0)
            {
                yield return new ValidationResult($"AzureWebJobsStorage__{name} is missing, and so is AzureWebJobsStorage__accountName.");
            }
            else if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0))
            {
                yield return new ValidationResult($"AzureWebJobsStorage__{name} must be a https URL without a query: tokens go to no other.");
            }
        }

        if (IsManagedIdentity && !Credential.Equals(ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult($"AzureWebJobsStorage__credential is '{Credential}': expected {ManagedIdentity}, or nothing.");
        }
    }

    internal void ReadFrom(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        section.Bind(this);
        ConnectionString = section.Value ?? "";
    }

    private Uri Service(string uri, string kind) => new(uri.Length > 0 ? uri : $"https://{AccountName}.{kind}.core.windows.net");
}
