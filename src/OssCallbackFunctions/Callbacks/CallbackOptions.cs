using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Oss.Protocol;

namespace OssCallbackFunctions.Callbacks;

/// <summary>How callbacks are checked.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Callbacks";

    /// <summary>Time that the look at the stored object may take: OSS waits 5 s for all of the answer.</summary>
    public TimeSpan StorageCheckTimeout { get; set; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Exact key URL of an OSS emulator whose callbacks are to be believed. Never set it in production.</summary>
    public string? TestKeyUrl { get; set; }

    /// <summary>The emulator's public key: PEM, or its base64 alone.</summary>
    public string? TestKeyPem { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StorageCheckTimeout <= TimeSpan.Zero || StorageCheckTimeout >= OssLimits.CallbackTimeout)
        {
            yield return new ValidationResult($"Callbacks__StorageCheckTimeout is {StorageCheckTimeout}: expected more than 0 and less than the 5 s that OSS waits.");
        }

        if (string.IsNullOrEmpty(TestKeyUrl) != string.IsNullOrEmpty(TestKeyPem))
        {
            yield return new ValidationResult("Callbacks__TestKeyUrl and Callbacks__TestKeyPem belong together: set both, or in production neither.");
        }
        else if (!string.IsNullOrEmpty(TestKeyPem) && !IsKey(TestKeyPem))
        {
            yield return new ValidationResult("Callbacks__TestKeyPem is no RSA public key: expected PEM, or its base64 alone.");
        }
    }

    private static bool IsKey(string pem)
    {
        try
        {
            CallbackPublicKey.Parse(pem).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
