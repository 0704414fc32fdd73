namespace OssCallbackFunctions.BulkUploads;

/// <summary>A manifest that cannot be read at all, and will not be by trying again.</summary>
internal sealed class ManifestException(string code, string message) : Exception(message)
{
    /// <summary><c>manifest_not_text</c> or <c>manifest_header_invalid</c>.</summary>
    public string Code { get; } = code;
}
