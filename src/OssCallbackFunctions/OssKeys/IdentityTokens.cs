using Azure.Core;
using Azure.Identity;

namespace OssCallbackFunctions.OssKeys;

/// <summary>Tokens that say who this app is, each fresh enough to be exchanged for a key. Secret: whoever has one can have a key.</summary>
internal static class IdentityTokens
{
    /// <summary>Tokens that the platform gives this app's managed identity.</summary>
    public static Func<CancellationToken, Task<string>> OfManagedIdentity(string audience, string clientId)
    {
        var credential = new ManagedIdentityCredential(clientId.Length > 0 ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned);
        var context = new TokenRequestContext([$"{audience.TrimEnd('/')}/.default"]);
        return async token => (await credential.GetTokenAsync(context, token)).Token;
    }

    /// <summary>The token in a file, which the platform writes anew before the old one ends.</summary>
    public static Func<CancellationToken, Task<string>> InFile(string path) => async token => (await File.ReadAllTextAsync(path, token)).Trim();
}
