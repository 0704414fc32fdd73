using System.Security.Cryptography;
using System.Text;
using LocalWorker.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace LocalWorker.Http;

/// <summary>Which routes a request's key opens: the rules of the host's authentication.</summary>
internal sealed class FunctionKeys(IOptions<LocalWorkerOptions> options)
{
    private readonly byte[]? _functionKey = Hash(options.Value.FunctionKey);
    private readonly byte[]? _masterKey = Hash(options.Value.MasterKey);

    /// <summary>A key opens the level it has, no other; the master key opens all.</summary>
    public bool Open(AuthorizationLevel required, HttpRequest request) =>
        required == AuthorizationLevel.Anonymous || LevelOf(request) is var level && (level == AuthorizationLevel.Admin || level == required);

    private AuthorizationLevel LevelOf(HttpRequest request)
    {
        // A header, even a wrong one, is what counts; the query is looked at only when there is none.
        var key = Hash(request.Headers.TryGetValue("x-functions-key", out var header) ? header.FirstOrDefault() : request.Query["code"].FirstOrDefault());
        return Equal(key, _masterKey) ? AuthorizationLevel.Admin
            : Equal(key, _functionKey) ? AuthorizationLevel.Function
            : AuthorizationLevel.Anonymous;
    }

    // Hashes are of one length, so the comparison gives away neither the key nor how long it is.
    private static byte[]? Hash(string? key) => string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool Equal(byte[]? key, byte[]? expected) => key is not null && expected is not null && CryptographicOperations.FixedTimeEquals(key, expected);
}
