using System.Globalization;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// Checks version 4 signatures as OSS does: in the Authorization header, in the query of a URL, and over the policy of a form.
/// Source: OSS documentation, "Include signatures in the Authorization header (V4)", "Add signatures to URLs (V4)", EC pages 0002-*.
/// </summary>
public sealed class V4Verifier
{
    private readonly string _region;
    private readonly FindAccessKey _findKey;
    private readonly TimeProvider _clock;

    /// <summary>A verifier for the buckets of one region.</summary>
    /// <param name="region">Region id that credentials must name.</param>
    /// <param name="findKey">Finds a key by its id; null for keys that do not exist. The request's token has to be the key's.</param>
    /// <param name="clock">The time that lifetimes and the 15 minutes of tolerance are measured by.</param>
    public V4Verifier(string region, Func<string, AccessKey?> findKey, TimeProvider clock)
        : this(region, KeyLookup.ById(findKey), clock)
    {
    }

    /// <summary>A verifier for the buckets of one region, with keys that are found by id and token.</summary>
    /// <param name="region">Region id that credentials must name.</param>
    /// <param name="findKey">Finds the key, or says why the request is refused.</param>
    /// <param name="clock">The time that lifetimes and the 15 minutes of tolerance are measured by.</param>
    public V4Verifier(string region, FindAccessKey findKey, TimeProvider clock)
    {
        _region = region;
        _findKey = findKey;
        _clock = clock;
    }

    /// <summary>Whether the request is signed with V4, in its headers or in its query.</summary>
    public static bool IsSigned(IEnumerable<KeyValuePair<string, string>> headers, string rawQuery) =>
        HasV4Header(SignatureChecks.Header(headers, "Authorization")) || HasV4Query(OssEncoding.ParseQuery(rawQuery));

    /// <summary>Checks a request that has arrived.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="bucket">Bucket of the request, or null at service level.</param>
    /// <param name="key">Object key, decoded; null at bucket level.</param>
    /// <param name="rawQuery">The query as it came, without "?".</param>
    /// <param name="headers">All headers; several of one name joined with ",".</param>
    public SignatureVerification Verify(string method, string? bucket, string? key, string rawQuery, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var query = OssEncoding.ParseQuery(rawQuery);
        var authorization = SignatureChecks.Header(headers, "Authorization");
        return HasV4Header(authorization) ? SignatureVerification.Of(VerifyHeader(authorization!, method, bucket, key, rawQuery, query, headers), SignatureScheme.V4Header)
            : HasV4Query(query) ? SignatureVerification.Of(VerifyQuery(method, bucket, key, rawQuery, query, headers), SignatureScheme.V4Query)
            : SignatureVerification.Anonymous;
    }

    /// <summary>Checks the signature of a PostObject form over its policy; the policy's own conditions are <see cref="PostPolicyDocument"/>'s.</summary>
    /// <param name="fields">The form's fields, names compared ignoring case.</param>
    public SignatureVerification VerifyForm(IReadOnlyDictionary<string, string> fields) =>
        fields.TryGetValue("x-oss-signature-version", out var version)
            ? SignatureVerification.Of(VerifyForm(version, fields), SignatureScheme.V4Form)
            : SignatureVerification.Anonymous;

    // Here and below: the key that signed, or the refusal.
    private KeyLookup VerifyForm(string version, IReadOnlyDictionary<string, string> fields)
    {
        // A lone OSSAccessKeyId is let be: pages do send it beside the fields of version 4.
        if (fields.ContainsKey("Signature"))
        {
            return SignatureRefusals.MixedForm();
        }

        if (version != V4Signer.Algorithm)
        {
            return SignatureRefusals.Argument("The signature version is not supported.", "x-oss-signature-version", version, null);
        }

        foreach (var name in (string[])["policy", "x-oss-credential", "x-oss-date", "x-oss-signature"])
        {
            if (!fields.ContainsKey(name))
            {
                return SignatureRefusals.Argument($"The form must contain the field {name}.", name, "", null);
            }
        }

        if (!V4Credential.TryParse(fields["x-oss-credential"], out var credential))
        {
            return SignatureRefusals.Argument("The credential is malformed.", "x-oss-credential", fields["x-oss-credential"], "0002-00000224");
        }

        if (credential.Region != _region)
        {
            return SignatureRefusals.Argument("The signing region in credential is invalid.", "x-oss-credential", fields["x-oss-credential"], "0002-00000715");
        }

        if (!V4Timestamp.TryParse(fields["x-oss-date"], out var time) || !fields["x-oss-date"].StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return SignatureRefusals.Argument("The date is invalid, or not that of the credential.", "x-oss-date", fields["x-oss-date"], "0002-00000223");
        }

        var now = _clock.GetUtcNow();
        if (time > now + OssLimits.MaxClockSkew || now > time + OssLimits.MaxPresignLifetime)
        {
            return SignatureRefusals.Skewed(time, now);
        }

        if (!_findKey.TryFind(credential.AccessKeyId, fields.GetValueOrDefault("x-oss-security-token"), out var accessKey, out var refusal))
        {
            return refusal;
        }

        var policy = fields["policy"];
        var expected = new V4Signer(accessKey, credential.Region, credential.Product).SignPolicy(policy, time);
        return SignatureChecks.SameText(expected, fields["x-oss-signature"]) ? KeyLookup.Found(accessKey) : SignatureRefusals.Mismatch(accessKey, fields["x-oss-signature"], policy);
    }

    private KeyLookup VerifyHeader(
        string authorization, string method, string? bucket, string? key, string rawQuery,
        IReadOnlyList<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var parts = authorization[V4Signer.Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .DistinctBy(part => part[0])
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (!V4Credential.TryParse(parts.GetValueOrDefault("Credential"), out var credential) || !parts.TryGetValue("Signature", out var signature))
        {
            return SignatureRefusals.Argument("The Authorization header is malformed.", "Authorization", parts.GetValueOrDefault("Credential") ?? "", "0002-00000213");
        }

        if (credential.Region != _region)
        {
            return SignatureRefusals.Argument("Invalid signing region in Authorization header.", "Authorization", credential.Region, "0002-00000228");
        }

        var timestamp = SignatureChecks.Header(headers, "x-oss-date");
        if (!(timestamp is not null ? V4Timestamp.TryParse(timestamp, out var time) : SignatureChecks.TryParseHttpDate(SignatureChecks.Header(headers, "Date"), out time)))
        {
            return SignatureRefusals.NoDate();
        }

        // Without x-oss-date, the Date header is signed as it stands (the Go SDK, V1, does so).
        timestamp ??= SignatureChecks.Header(headers, "Date")!;
        if (!V4Timestamp.ToText(time).StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return SignatureRefusals.Argument("The date of the credential is not that of the request.", "Authorization", credential.Date, "0002-00000213");
        }

        var now = _clock.GetUtcNow();
        if (SignatureChecks.IsSkewed(time, now))
        {
            return SignatureRefusals.Skewed(time, now);
        }

        if (SignatureChecks.Header(headers, "x-oss-content-sha256") is not V4Signer.UnsignedPayload and var payload)
        {
            return SignatureRefusals.Argument("x-oss-content-sha256 must be UNSIGNED-PAYLOAD.", "x-oss-content-sha256", payload ?? "", null);
        }

        return _findKey.TryFind(credential.AccessKeyId, SignatureChecks.Header(headers, "x-oss-security-token"), out var accessKey, out var refusal)
            ? Compare(accessKey, credential, timestamp, signature, parts.GetValueOrDefault("AdditionalHeaders") ?? "", method, bucket, key, rawQuery, query, headers)
            : refusal;
    }

    private KeyLookup VerifyQuery(
        string method, string? bucket, string? key, string rawQuery,
        IReadOnlyList<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        string? Parameter(string name) => SignatureChecks.Parameter(query, name);

        if (!V4Credential.TryParse(Parameter("x-oss-credential"), out var credential))
        {
            return SignatureRefusals.Argument("The credential is malformed.", "x-oss-credential", Parameter("x-oss-credential") ?? "", "0002-00000224");
        }

        if (credential.Region != _region)
        {
            return SignatureRefusals.Argument("Invalid signing region in credential.", "x-oss-credential", credential.Region, "0002-00000226");
        }

        if (Parameter("x-oss-signature") is not { Length: > 0 } signature)
        {
            return SignatureRefusals.Argument("The query has no x-oss-signature.", "x-oss-signature", "", "0002-00000219");
        }

        if (Parameter("x-oss-date") is not { } timestamp || !V4Timestamp.TryParse(timestamp, out var time) || !timestamp.StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return SignatureRefusals.Argument("x-oss-date is invalid, or not of the credential's day.", "x-oss-date", Parameter("x-oss-date") ?? "", "0002-00000223");
        }

        if (Parameter("x-oss-expires") is not { Length: > 0 } expiresText)
        {
            return SignatureRefusals.Argument("The query has no x-oss-expires.", "x-oss-expires", "", "0002-00000215");
        }

        var token = Parameter("x-oss-security-token");
        var longest = token is null ? OssLimits.MaxPresignLifetime : OssLimits.MaxTemporaryPresignLifetime;
        if (!long.TryParse(expiresText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1 || seconds > longest.TotalSeconds)
        {
            return SignatureRefusals.Argument($"x-oss-expires must be from 1 to {longest.TotalSeconds:0}.", "x-oss-expires", expiresText, "0002-00000232");
        }

        var now = _clock.GetUtcNow();
        if (time - now > OssLimits.MaxClockSkew)
        {
            return SignatureRefusals.Skewed(time, now);
        }

        var expires = time.AddSeconds(seconds);
        if (now >= expires)
        {
            return SignatureRefusals.Expired(expires, now);
        }

        return _findKey.TryFind(credential.AccessKeyId, token, out var accessKey, out var refusal)
            ? Compare(accessKey, credential, timestamp, signature, Parameter("x-oss-additional-headers") ?? "", method, bucket, key, rawQuery, query, headers)
            : refusal;
    }

    private static KeyLookup Compare(
        AccessKey accessKey, V4Credential credential, string timestamp, string signature, string additionalHeaders, string method, string? bucket, string? key,
        string rawQuery, IReadOnlyList<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var additional = additionalHeaders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (additional.FirstOrDefault(name => SignatureChecks.Header(headers, name) is null) is { } absent)
        {
            return SignatureRefusals.Mismatch(accessKey, signature, $"The header {absent}, which was signed, is not in the request.", null);
        }

        var request = new OssRequest(method, bucket, key);
        var signed = new SignedHeaders(headers, headers.Count, additional);
        var parameters = query.Where(parameter => parameter.Key != CanonicalQuery.SignatureParameter).ToArray();
        CanonicalQuery.Sort(parameters);
        var encoded = new Utf8Buffer(stackalloc byte[1024]);
        CanonicalQuery.Write(ref encoded, parameters);
        var strict = Encoding.ASCII.GetString(encoded.Written);
        encoded.Dispose();

        var day = new V4Signer(accessKey, credential.Region, credential.Product).Day(
            DateTimeOffset.ParseExact(credential.Date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        var raw = CanonicalQuery.FromRaw(rawQuery);
        foreach (var canonicalQuery in strict == raw ? (string[])[strict] : [strict, raw])
        {
            var text = Encoding.UTF8.GetBytes(V4CanonicalRequest.ToText(request, canonicalQuery, signed));
            if (SignatureChecks.SameText(V4Signer.Signature(day, timestamp, text), signature))
            {
                return KeyLookup.Found(accessKey);
            }
        }

        var canonical = V4CanonicalRequest.ToText(request, strict, signed);
        return SignatureRefusals.Mismatch(accessKey, signature, V4Signer.StringToSign(timestamp, day.Scope, Encoding.UTF8.GetBytes(canonical)), canonical);
    }

    private static bool HasV4Header(string? authorization) => authorization?.Split(' ', 2)[0] == V4Signer.Algorithm;

    private static bool HasV4Query(IEnumerable<KeyValuePair<string, string?>> query) =>
        query.Any(parameter => parameter is { Key: "x-oss-signature-version", Value: V4Signer.Algorithm });
}
