using System.Globalization;

namespace Oss.Protocol;

/// <summary>
/// Checks version 1 signatures as OSS does: in the Authorization header, in the query of a URL, and over the policy of a form. Version 1 knows no region.
/// Source: OSS documentation, "Include a V1 signature in the Authorization header", "Add signatures to URLs", "PostObject", EC pages 0002-00000061 to -00000074.
/// </summary>
public sealed class V1Verifier
{
    private const string KeyId = "OSSAccessKeyId";
    private const string Expires = "Expires";
    private const string Signature = "Signature";
    private const string Policy = "policy";
    private const string Token = "security-token";

    private readonly FindAccessKey _findKey;
    private readonly TimeProvider _clock;

    /// <summary>A verifier with keys that are found by id.</summary>
    /// <param name="findKey">Finds a key by its id; null for keys that do not exist. The request's token has to be the key's.</param>
    /// <param name="clock">The time that lifetimes and the 15 minutes of tolerance are measured by.</param>
    public V1Verifier(Func<string, AccessKey?> findKey, TimeProvider clock)
        : this(KeyLookup.ById(findKey), clock)
    {
    }

    /// <summary>A verifier with keys that are found by id and token.</summary>
    /// <param name="findKey">Finds the key, or says why the request is refused.</param>
    /// <param name="clock">The time that lifetimes and the 15 minutes of tolerance are measured by.</param>
    public V1Verifier(FindAccessKey findKey, TimeProvider clock)
    {
        _findKey = findKey;
        _clock = clock;
    }

    /// <summary>
    /// Whether the request is signed with V1, in its headers or in its query. An Authorization that is not V4's counts, whatever it says, and so does any one of the
    /// parameters OSSAccessKeyId, Expires and Signature: both are refused where they are not complete, and never taken for anonymous.
    /// </summary>
    public static bool IsSigned(IEnumerable<KeyValuePair<string, string>> headers, string rawQuery) =>
        Presented(headers as IReadOnlyCollection<KeyValuePair<string, string>> ?? [.. headers], rawQuery) != SignatureScheme.None;

    /// <summary>Checks a request that has arrived. One that is signed with V4 is none of this verifier's, and comes out as anonymous.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="bucket">Bucket of the request, or null at service level.</param>
    /// <param name="key">Object key, decoded; null at bucket level.</param>
    /// <param name="rawQuery">The query as it came, without "?".</param>
    /// <param name="headers">All headers; several of one name joined with ",".</param>
    public SignatureVerification Verify(string method, string? bucket, string? key, string rawQuery, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var scheme = Presented(headers, rawQuery);
        if (scheme == SignatureScheme.None)
        {
            return SignatureVerification.Anonymous;
        }

        var request = new OssRequest(method, bucket, key)
        {
            Query = [.. OssEncoding.ParseQuery(rawQuery)],
            Headers = headers.DistinctBy(header => header.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase),
        };
        return SignatureVerification.Of(scheme == SignatureScheme.V1Header ? VerifyHeader(request) : VerifyQuery(request), scheme);
    }

    /// <summary>Checks the signature of a PostObject form over its policy; the policy's own conditions, its end among them, are <see cref="PostPolicyDocument"/>'s.</summary>
    /// <param name="fields">The form's fields, names compared ignoring case. A lone OSSAccessKeyId beside the fields of V4 is let be.</param>
    public SignatureVerification VerifyForm(IReadOnlyDictionary<string, string> fields)
    {
        string[] names = [KeyId, Policy, Signature];
        return fields.ContainsKey("x-oss-signature-version")
            ? fields.ContainsKey(Signature) ? SignatureVerification.Of(SignatureRefusals.MixedForm(), SignatureScheme.V1Form) : SignatureVerification.Anonymous
            : names.Any(fields.ContainsKey) ? SignatureVerification.Of(VerifyForm(names, fields), SignatureScheme.V1Form)
            : SignatureVerification.Anonymous;
    }

    private static SignatureScheme Presented(IReadOnlyCollection<KeyValuePair<string, string>> headers, string rawQuery) =>
        V4Verifier.IsSigned(headers, rawQuery) ? SignatureScheme.None
        : !string.IsNullOrEmpty(SignatureChecks.Header(headers, "Authorization")) ? SignatureScheme.V1Header
        : OssEncoding.ParseQuery(rawQuery).Any(parameter => parameter.Key is KeyId or Expires or Signature) ? SignatureScheme.V1Query
        : SignatureScheme.None;

    private KeyLookup VerifyForm(string[] names, IReadOnlyDictionary<string, string> fields)
    {
        if (names.FirstOrDefault(name => string.IsNullOrEmpty(fields.GetValueOrDefault(name))) is { } missing)
        {
            return SignatureRefusals.Argument($"The form must contain the field {missing}.", missing, "", null);
        }

        if (!_findKey.TryFind(fields[KeyId], fields.GetValueOrDefault("x-oss-security-token"), out var accessKey, out var refusal))
        {
            return refusal;
        }

        return SignatureChecks.SameText(V1Signature.SignPolicy(accessKey.Secret, fields[Policy]), fields[Signature])
            ? KeyLookup.Found(accessKey)
            : SignatureRefusals.Mismatch(accessKey, fields[Signature], fields[Policy]);
    }

    private KeyLookup VerifyHeader(OssRequest request)
    {
        if (request.Query.Any(parameter => parameter.Key is KeyId or Signature))
        {
            return SignatureRefusals.Argument("The request must not be signed in the Authorization header and in the URL at the same time.", "Authorization", "", null);
        }

        var words = request.Headers["Authorization"].Split(' ', 2);
        if (words is not [V1Signature.Scheme, var credential])
        {
            return Malformed(words[0], "0002-00000061");
        }

        if (credential.Split(':', 2) is not [var id, var signature])
        {
            return Malformed("", "0002-00000062");
        }

        if (string.IsNullOrWhiteSpace(id) || signature.Length == 0)
        {
            return Malformed(id, signature.Length == 0 ? "0002-00000065" : "0002-00000063");
        }

        if (V1Signature.DateLine(request) is not { } date || !SignatureChecks.TryParseHttpDate(date, out var time))
        {
            return SignatureRefusals.NoDate();
        }

        var now = _clock.GetUtcNow();
        return SignatureChecks.IsSkewed(time, now) ? SignatureRefusals.Skewed(time, now) : Compare(id, signature, date, request);
    }

    private KeyLookup VerifyQuery(OssRequest request)
    {
        (string Name, string Ec)[] needed = [(KeyId, "0002-00000071"), (Expires, "0002-00000067"), (Signature, "0002-00000074")];
        foreach (var (name, ec) in needed)
        {
            if (string.IsNullOrEmpty(SignatureChecks.Parameter(request.Query, name)))
            {
                var isThere = request.Query.Any(parameter => parameter.Key == name);
                return SignatureRefusals.Argument($"The query has no {name}.", name, "", !isThere ? ec : name == Expires ? "0002-00000068" : null);
            }
        }

        var expires = SignatureChecks.Parameter(request.Query, Expires)!;
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return SignatureRefusals.Argument("Expires must be a time in Unix seconds.", Expires, expires, "0002-00000070");
        }

        var now = _clock.GetUtcNow();
        return now.ToUnixTimeSeconds() >= seconds
            ? SignatureRefusals.Expired(DateTimeOffset.FromUnixTimeSeconds(seconds), now)
            : Compare(SignatureChecks.Parameter(request.Query, KeyId)!, SignatureChecks.Parameter(request.Query, Signature)!, expires, request);
    }

    private KeyLookup Compare(string accessKeyId, string signature, string date, OssRequest request)
    {
        // A token that is not signed (Python V2 and PHP V2 put it into a header that is not) still has to be the key's.
        var token = SignatureChecks.Header(request.Headers, "x-oss-security-token")
            ?? SignatureChecks.Header(request.Headers, Token)
            ?? SignatureChecks.Parameter(request.Query, Token);
        if (!_findKey.TryFind(accessKeyId, token, out var accessKey, out var refusal))
        {
            return refusal;
        }

        return V1SubResources.Forms(request.Query).Any(form => SignatureChecks.SameText(V1Signature.Sign(accessKey.Secret, V1Signature.StringToSign(request, date, form)), signature))
            ? KeyLookup.Found(accessKey)
            : SignatureRefusals.Mismatch(accessKey, signature, V1Signature.StringToSign(request, date, V1SubResources.Canonical(request.Query)));
    }

    private static KeyLookup Malformed(string value, string ec) =>
        SignatureRefusals.Argument("The Authorization header is malformed.", "Authorization", value, ec);
}
