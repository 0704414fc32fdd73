namespace OssCallbackFunctions.BulkUploads;

/// <summary>The URLs that sources may have.</summary>
internal sealed class SourceUrls(BulkUploadOptions options)
{
    /// <summary>The URL, if it is allowed.</summary>
    /// <exception cref="SourceException">It is not.</exception>
    public Uri Allow(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? Allow(url) : throw NotHttps();

    /// <summary>The URL, if it is allowed. Messages name its host at most: what follows may hold a signature.</summary>
    /// <exception cref="SourceException">It is not.</exception>
    public Uri Allow(Uri url) =>
        url.UserInfo.Length > 0 || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && options.AllowHttpSources)) ? throw NotHttps()
        : options.SourceHosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase) ? url
        : throw new SourceException("source_not_allowed", $"The host {url.Authority} is not in BulkUploads__AllowedSourceHosts.");

    private static SourceException NotHttps() => new("source_not_allowed", "source.url, and where it redirects to, must be an https URL without user name.");
}
