using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Oss.Protocol;

namespace OssCallbackFunctions.Callbacks;

/// <summary>How callbacks are checked.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Callbacks";

    /// <summary>Time in which a callback is answered, whatever is not done by then: OSS waits 5 s (<see cref="OssLimits.CallbackTimeout"/>), and the way there and back is part of it.</summary>
    internal static readonly TimeSpan AnswerTime = OssLimits.CallbackTimeout - TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestStorageCheck = AnswerTime - CallbackPublicKeys.FetchTimeout;

    /// <summary>
    /// Time that the look at the stored object may take, at most 2 s: a key that has to be fetched may take 2 s as well, and the answer is out after 4 s, of the 5 s that OSS waits.
    /// </summary>
    public TimeSpan StorageCheckTimeout { get; set; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Exact key URL of an OSS emulator whose callbacks are to be believed. Never set it in production.</summary>
    public string? TestKeyUrl { get; set; }

    /// <summary>The emulator's public key: PEM, or its base64 alone.</summary>
    public string? TestKeyPem { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StorageCheckTimeout <= TimeSpan.Zero || StorageCheckTimeout > LongestStorageCheck)
        {
            yield return new ValidationResult($"Callbacks__StorageCheckTimeout is {StorageCheckTimeout}: expected more than 0 and at most {LongestStorageCheck}, since OSS waits 5 s for all of the answer.");
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
