using Oss.Protocol;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

internal static class Reading
{
    /// <summary>Reads a body as it is read when it is sent.</summary>
    public static async Task<byte[]> BytesAsync(this UploadBody body)
    {
        await using var stream = await body.OpenAsync(default);
        var bytes = new byte[body.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
