using System.Diagnostics.CodeAnalysis;

namespace Oss.Protocol;

/// <summary>What an Authorization header of <see cref="Acs3Signature"/> says.</summary>
/// <param name="AccessKeyId">Id of the key that signed.</param>
/// <param name="SignedHeaders">Names of the signed headers, as they were given.</param>
/// <param name="Signature">64 hex digits, if it is a signature at all.</param>
public sealed record Acs3Authorization(string AccessKeyId, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>Whether the header's first word names the algorithm, well formed or not.</summary>
    public static bool IsPresent(string? authorization) => authorization?.Split(' ', 2)[0] == Acs3Signature.Algorithm;

    /// <summary>Reads the header; spaces after the commas do not matter.</summary>
    /// <param name="authorization">Value of the Authorization header.</param>
    /// <param name="parsed">What it says.</param>
    /// <returns>Whether it names the algorithm, and Credential, SignedHeaders and Signature once each.</returns>
    public static bool TryParse(string? authorization, [NotNullWhen(true)] out Acs3Authorization? parsed)
    {
        parsed = null;
        if (!IsPresent(authorization))
        {
            return false;
        }

        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in authorization![Acs3Signature.Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || part[(equals + 1)..].Length == 0 || !parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                return false;
            }
        }

        if (parts.Count != 3 || !parts.TryGetValue("Credential", out var credential)
            || !parts.TryGetValue("SignedHeaders", out var names) || !parts.TryGetValue("Signature", out var signature))
        {
            return false;
        }

        parsed = new Acs3Authorization(credential, names.Split(';'), signature);
        return true;
    }

    /// <summary>The key's id alone: a signature is not for logs.</summary>
    public override string ToString() => $"{Acs3Signature.Algorithm} by {AccessKeyId}";
}
