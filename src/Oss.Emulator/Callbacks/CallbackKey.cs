using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>The emulator's own key, in the place of OSS's. Made when first asked for, since that takes longer than the rest of a start.</summary>
internal sealed class CallbackKey
{
    private readonly Lazy<string> _privateKeyPem;
    private readonly Lazy<string> _publicKeyPem;
    private readonly Lazy<string> _otherKeyPem = new(OtherKey);

    public CallbackKey(Func<string> privateKeyPem, string publicKeyUrl)
    {
        _privateKeyPem = new Lazy<string>(privateKeyPem);
        _publicKeyPem = new Lazy<string>(Export);
        PublicKeyUrl = publicKeyUrl;
        PublicKeyUrlHeader = Convert.ToBase64String(Encoding.UTF8.GetBytes(publicKeyUrl));
    }

    public string PublicKeyPem => _publicKeyPem.Value;

    public string PublicKeyUrl { get; }

    /// <summary>Value of <c>x-oss-pub-key-url</c>.</summary>
    public string PublicKeyUrlHeader { get; }

    /// <summary>Value of the Authorization header of a call.</summary>
    /// <param name="requestTarget">Path and query of the call, as sent.</param>
    /// <param name="body">Body of the call.</param>
    /// <param name="wrongly">With a key that nobody is told of.</param>
    public string Sign(string requestTarget, ReadOnlySpan<byte> body, bool wrongly = false)
    {
        using var key = Import(wrongly ? _otherKeyPem : _privateKeyPem);
        return CallbackSignature.Sign(requestTarget, body, key);
    }

    private static RSA Import(Lazy<string> privateKeyPem)
    {
        var key = RSA.Create();
        key.ImportFromPem(privateKeyPem.Value);
        return key;
    }

    private string Export()
    {
        using var key = Import(_privateKeyPem);
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    private static string OtherKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
