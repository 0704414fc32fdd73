using System.Security.Cryptography;
using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Names a key by 128 bits of SHA-256. In a job's table partition a row of this name, holding the number of the object whose key it is, finds two objects of one key exactly, over
/// any number of steps and restarts, in no memory: the second insert is a conflict, unless it has the same number, which is a repeat.
/// </summary>
internal static class KeyHash
{
    /// <summary>32 hex digits, good as a row's name.</summary>
    public static string Of(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
}
