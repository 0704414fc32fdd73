using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>The emulator's own key, in the place of OSS's. Made when first asked for, since that takes longer than the rest of a start.</summary>
internal sealed class CallbackKey
{
    private readonly Lazy<string> _privateKeyPem;
    private readonly Lazy<string> _publicKeyPem;

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
    public string Sign(string requestTarget, ReadOnlySpan<byte> body)
    {
        using var key = Import();
        return CallbackSignature.Sign(requestTarget, body, key);
    }

    private RSA Import()
    {
        var key = RSA.Create();
        key.ImportFromPem(_privateKeyPem.Value);
        return key;
    }

    private string Export()
    {
        using var key = Import();
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }
}
