using Azure.Storage.Blobs;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A container of Azure blobs: by its URL, or by a connection string and its name.</summary>
public sealed class BlobContainerSettings
{
    private const int MaxNameLength = 64;

    /// <summary><c>https://account.blob.core.windows.net/container</c>, with a SAS in its query; without one it is read with the app's managed identity.</summary>
    public string Url { get; set; } = "";

    /// <summary>Connection string of the storage account; for emulators and accounts elsewhere.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Name of the container, with <see cref="ConnectionString"/>.</summary>
    public string Container { get; set; } = "";

    internal bool IsEmpty => Url.Length == 0 && ConnectionString.Length == 0 && Container.Length == 0;

    // A URL without one has no secret in it.
    internal bool HasSas => new Uri(Url).Query.Length > 1;

    internal static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>What is wrong, by setting. No value is repeated: each may hold a secret.</summary>
    internal (string Member, string Reason)? Refuse() =>
        Url.Length > 0 == ConnectionString.Length > 0 ? (nameof(Url), "must be set, or ConnectionString and Container, but not both.")
        : Url.Length > 0 && !IsContainerUrl(Url) ? (nameof(Url), "is no https URL of a container, without user name and fragment.")
        : ConnectionString.Length > 0 && !IsContainerName(Container) ? (nameof(Container), "is no name of a container: expected 3 to 63 of a-z 0-9 -.")
        : ConnectionString.Length > 0 && !IsConnectionString(ConnectionString) ? (nameof(ConnectionString), "is no connection string of a storage account.")
        : null;

    private static bool IsContainerUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0 && url.Fragment.Length == 0
        && IsContainerName(url.AbsolutePath.TrimEnd('/').Split('/')[^1]);

    private static bool IsContainerName(string name) =>
        name is "$root" or "$web" || (name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new BlobServiceClient(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
