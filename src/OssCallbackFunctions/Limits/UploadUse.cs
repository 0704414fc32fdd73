namespace OssCallbackFunctions.Limits;

/// <summary>What one credential uses of its caller's limits.</summary>
/// <param name="Bytes">Most bytes that can be uploaded with it.</param>
/// <param name="OpenUntil">Of a multipart upload, when it is given up if it is still open; null: it is none.</param>
internal sealed record UploadUse(long Bytes, DateTimeOffset? OpenUntil = null);
