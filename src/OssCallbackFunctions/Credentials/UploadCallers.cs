using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>The callers of the configuration. A function key does not reach the worker, so that callers are told apart by keys of their own.</summary>
public sealed class UploadCallers(IOptions<Dictionary<string, CallerOptions>> options)
{
    /// <summary>Header that a caller's key comes in.</summary>
    public const string Header = "x-caller-key";

    private readonly KeyValuePair<string, byte[]>[] _callers = [.. options.Value.Select(caller => KeyValuePair.Create(caller.Key, Convert.FromHexString(caller.Value.KeySha256)))];

    /// <summary>Who asks; a key that is nobody's is refused.</summary>
    internal Outcome<UploadCaller> Of(HttpRequestData request)
    {
        if (!request.Headers.TryGetValues(Header, out var values))
        {
            return new UploadCaller(null);
        }

        return values.ToArray() is [var key] && Find(key) is { } name
            ? new UploadCaller(name)
            : Problem.CallerUnknown.With($"{Header} is the key of no caller: leave it out, or send one of Callers__*.");
    }

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

/// <summary>Who asks.</summary>
/// <param name="Name">Name in the configuration; null: one of no name.</param>
internal sealed record UploadCaller(string? Name);
