using System.Globalization;
using Oss.Emulator.Access;
using Oss.Protocol;

namespace Oss.Emulator.Sts;

/// <summary>Who calls STS: by the signature over its parameters, or by the one in the Authorization header.</summary>
internal sealed class StsAuthentication(KeyRing keys, TimeProvider clock)
{
    /// <summary>How far a request's time may be from the emulator's.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

    // Whatever the client says it signed, these it must have: without them a request could be sent again, or as another.
    private static readonly string[] AlwaysSigned = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", Acs3Signature.ContentHashHeader];

    private readonly Nonces _nonces = new();

    /// <summary>Finds out who signed.</summary>
    /// <returns>What the signer may do.</returns>
    /// <exception cref="StsException">Nobody did, or not rightly.</exception>
    public Rights Identify(StsRequest request) => Acs3Authorization.IsPresent(request.Header("Authorization")) ? ByHeader(request) : ByParameters(request);

    private Rights ByParameters(StsRequest request)
    {
        var id = request.Required("AccessKeyId");
        var (method, version) = (request.Required("SignatureMethod"), request.Required("SignatureVersion"));
        request.Required(StsRpcSignature.Parameter);
        if (method != StsRpcSignature.Method)
        {
            throw StsRefusals.InvalidSignatureMethod();
        }

        if (version != StsRpcSignature.Version)
        {
            throw StsRefusals.Invalid("SignatureVersion");
        }

        CheckTime(request.Required("Timestamp"));
        var nonce = request.Required("SignatureNonce");
        var (key, rights) = Find(id, request["SecurityToken"]);
        if (!StsRpcSignature.Verify(request.Method, request.Parameters, key.Secret))
        {
            throw StsRefusals.RpcSignature(StsRpcSignature.StringToSign(request.Method, request.Parameters));
        }

        return Use(key, nonce, rights);
    }

    private Rights ByHeader(StsRequest request)
    {
        if (!Acs3Authorization.TryParse(request.Header("Authorization"), out var authorization) || request.Header(Acs3Signature.ContentHashHeader) is null)
        {
            throw StsRefusals.IncompleteSignature();
        }

        CheckTime(request.Header("x-acs-date") ?? throw StsRefusals.Missing("Timestamp"));
        var nonce = request.Header("x-acs-signature-nonce") ?? throw StsRefusals.Missing("SignatureNonce");
        var (key, rights) = Find(authorization.AccessKeyId, request.Header("x-acs-security-token"));
        var present = request.Headers.Select(header => header.Key).Where(name => name.StartsWith("x-acs-", StringComparison.OrdinalIgnoreCase));

        // The hash is that of the body as it came: one that was made of another body is no better than none.
        var canonical = Acs3Signature.CanonicalRequest(
            request.Method, "/", request.Query.Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value)), request.Headers,
            authorization.SignedHeaders.Concat(AlwaysSigned).Concat(present).Distinct(StringComparer.OrdinalIgnoreCase), Acs3Signature.ContentHash(request.Body));
        if (!Acs3Signature.Verify(canonical, key.Secret, authorization.Signature))
        {
            throw StsRefusals.Acs3Signature(Acs3Signature.StringToSign(canonical), canonical);
        }

        return Use(key, nonce, rights);
    }

    private void CheckTime(string text)
    {
        if (!DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            throw StsRefusals.TimestampFormat();
        }

        if ((clock.GetUtcNow() - time).Duration() > Tolerance)
        {
            throw StsRefusals.TimestampExpired();
        }
    }

    private (AccessKey Key, Rights Rights) Find(string id, string? token)
    {
        var found = keys.Find(id, token);
        return found is { Status: KeyStatus.Valid, Key: { } key, Rights: { } rights } ? (key, rights) : throw StsRefusals.Key(found.Status);
    }

    private Rights Use(AccessKey key, string nonce, Rights rights) => _nonces.TryUse(key.Id, nonce, clock.GetUtcNow()) ? rights : throw StsRefusals.NonceUsed();
}
