using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Oss.Emulator.Sts;

/// <summary>What an identity provider says about somebody: a JWT. Its signature is not checked, since the emulator has nobody's keys.</summary>
/// <param name="Issuer">Who says it.</param>
/// <param name="Subject">About whom.</param>
/// <param name="ClientIds">For whom, joined with ",".</param>
internal sealed record OidcToken(string Issuer, string Subject, string ClientIds)
{
    private const int MinLength = 4;
    private const int MaxLength = 20_000;
    private const int MaxDepth = 16;

    private static readonly HashSet<string> Algorithms = new(StringComparer.Ordinal) { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" };

    /// <summary>Reads a token.</summary>
    /// <exception cref="StsException">It is none, or its time has passed.</exception>
    public static OidcToken Parse(string text, DateTimeOffset now)
    {
        if (text.Split('.') is not [var header, var claims, var signature])
        {
            throw StsRefusals.OidcToken("The number of Jwt field should be divided into 3 parts with '.' .");
        }

        if (text.Length is < MinLength or > MaxLength || Decode(signature).Length == 0)
        {
            throw Unrecognized();
        }

        using var headerJson = Json(header);
        using var claimsJson = Json(claims);
        if (Text(headerJson.RootElement, "alg") is not { } algorithm || !Algorithms.Contains(algorithm))
        {
            throw StsRefusals.OidcToken($"The algorithm {Text(headerJson.RootElement, "alg")} that be specified in Jwt header is unknown.");
        }

        var root = claimsJson.RootElement;
        if (!root.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetDouble(out var seconds)
            || Text(root, "iss") is not { Length: > 0 } issuer || Text(root, "sub") is not { Length: > 0 } subject || Audiences(root) is not { Length: > 0 } audiences)
        {
            throw Unrecognized();
        }

        return seconds > now.ToUnixTimeMilliseconds() / 1000.0 ? new OidcToken(issuer, subject, string.Join(',', audiences)) : throw StsRefusals.OidcTokenExpired();
    }

    private static StsException Unrecognized() => StsRefusals.OidcToken("The Jwt content is invalid that cannot be recognized.");

    private static byte[] Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            throw StsRefusals.OidcToken("Cannot decode base64 encoded response(format invalided).");
        }
    }

    private static JsonDocument Json(string part)
    {
        var bytes = Decode(part);
        try
        {
            var json = JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw Unrecognized();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw Unrecognized();
        }
    }

    private static string[] Audiences(JsonElement claims) =>
        !claims.TryGetProperty("aud", out var audience) ? []
        : audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray().Select(Value).OfType<string>()]
        : Value(audience) is { Length: > 0 } one ? [one] : [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Value(value) : null;

    private static string? Value(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Escapes that are no Unicode text.
            throw Unrecognized();
        }
    }
}
