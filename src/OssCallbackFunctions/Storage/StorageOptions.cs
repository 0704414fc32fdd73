using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Storage;

/// <summary>The storage account that holds queues and tables: the one the host uses.</summary>
public sealed class StorageOptions
{
    /// <summary>Connection string, from <c>AzureWebJobsStorage</c>.</summary>
    [Required(ErrorMessage = "AzureWebJobsStorage is missing: the connection string of the storage account (UseDevelopmentStorage=true for Azurite).")]
    public string ConnectionString { get; set; } = "";
}
