using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Oss.Protocol;

/// <summary>A public key that callbacks are checked with. Importing a key costs twenty times a check, so it is imported once per thread at work. Safe for concurrent use.</summary>
public sealed class CallbackPublicKey : IDisposable
{
    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly byte[] _subjectPublicKeyInfo;

    private CallbackPublicKey(byte[] subjectPublicKeyInfo)
    {
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        _idle.Add(Import());
    }

    /// <summary>Reads a key.</summary>
    /// <param name="pem">PEM of a SubjectPublicKeyInfo, or its base64 alone.</param>
    /// <exception cref="CryptographicException">It is no RSA public key.</exception>
    public static CallbackPublicKey Parse(string pem)
    {
        try
        {
            var base64 = PemEncoding.TryFind(pem, out var fields) ? pem[fields.Base64Data] : pem.Trim();
            return new CallbackPublicKey(Convert.FromBase64String(base64));
        }
        catch (FormatException e)
        {
            throw new CryptographicException("The key is neither PEM nor base64.", e);
        }
    }

    /// <summary>Checks a callback; see <see cref="CallbackSignature.Verify"/>.</summary>
    public bool Verify(string requestTarget, ReadOnlySpan<byte> body, string? authorization)
    {
        if (!_idle.TryTake(out var key))
        {
            key = Import();
        }

        try
        {
            return CallbackSignature.Verify(requestTarget, body, authorization, key);
        }
        finally
        {
            _idle.Add(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var key))
        {
            key.Dispose();
        }
    }

    private RSA Import()
    {
        var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        return key;
    }
}
