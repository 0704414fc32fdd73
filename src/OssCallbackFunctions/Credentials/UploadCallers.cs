using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

/// <summary>The callers of the configuration. A function key does not reach the worker, so that callers are told apart by keys of their own.</summary>
public sealed class UploadCallers(IOptions<Dictionary<string, CallerOptions>> options)
{
    /// <summary>Header that a caller's key comes in.</summary>
    public const string Header = "x-caller-key";

    private readonly KeyValuePair<string, byte[]>[] _callers = [.. options.Value.Select(caller => KeyValuePair.Create(caller.Key, Convert.FromHexString(caller.Value.KeySha256)))];

    /// <summary>Name of the caller whose key it is; null: nobody's. Takes the same time whoever it is.</summary>
    public string? Find(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? found = null;
        foreach (var (name, expected) in _callers)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, expected) ? name : found;
        }

        return found;
    }
}
