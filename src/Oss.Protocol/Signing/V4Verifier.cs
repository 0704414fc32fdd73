using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// Checks version 4 signatures as OSS does: in the Authorization header, in the query of a URL, and over the policy of a form.
/// Source: OSS documentation, "Include signatures in the Authorization header (V4)", "Add signatures to URLs (V4)", EC pages 0002-*.
/// </summary>
public sealed class V4Verifier
{
    private readonly string _region;
    private readonly Func<string, AccessKey?> _findKey;
    private readonly TimeProvider _clock;

    /// <summary>A verifier for the buckets of one region.</summary>
    /// <param name="region">Region id that credentials must name.</param>
    /// <param name="findKey">Finds a key by its id; null for keys that do not exist.</param>
    /// <param name="clock">The time that lifetimes and the 15 minutes of tolerance are measured by.</param>
    public V4Verifier(string region, Func<string, AccessKey?> findKey, TimeProvider clock)
    {
        _region = region;
        _findKey = findKey;
        _clock = clock;
    }

    /// <summary>Whether the request is signed with V4, in its headers or in its query.</summary>
    public static bool IsSigned(IEnumerable<KeyValuePair<string, string>> headers, string rawQuery) =>
        HasV4Header(Find(headers, "Authorization")) || HasV4Query(OssEncoding.ParseQuery(rawQuery));

    /// <summary>Checks a request that has arrived.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="bucket">Bucket of the request, or null at service level.</param>
    /// <param name="key">Object key, decoded; null at bucket level.</param>
    /// <param name="rawQuery">The query as it came, without "?".</param>
    /// <param name="headers">All headers; several of one name joined with ",".</param>
    public SignatureVerification Verify(string method, string? bucket, string? key, string rawQuery, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var query = OssEncoding.ParseQuery(rawQuery);
        var authorization = Find(headers, "Authorization");
        return HasV4Header(authorization) ? VerifyHeader(authorization!, method, bucket, key, rawQuery, query, headers)
            : HasV4Query(query) ? VerifyQuery(method, bucket, key, rawQuery, query, headers)
            : SignatureVerification.Anonymous;
    }

    /// <summary>Checks the signature of a PostObject form over its policy; the policy's own conditions are <see cref="PostPolicyDocument"/>'s.</summary>
    /// <param name="fields">The form's fields, names compared ignoring case.</param>
    public SignatureVerification VerifyForm(IReadOnlyDictionary<string, string> fields)
    {
        if (!fields.TryGetValue("x-oss-signature-version", out var version))
        {
            return SignatureVerification.Anonymous;
        }

        if (version != V4Signer.Algorithm)
        {
            return Argument("The signature version is not supported.", "x-oss-signature-version", version, null);
        }

        foreach (var name in (string[])["policy", "x-oss-credential", "x-oss-date", "x-oss-signature"])
        {
            if (!fields.ContainsKey(name))
            {
                return Argument($"The form must contain the field {name}.", name, "", null);
            }
        }

        if (!V4Credential.TryParse(fields["x-oss-credential"], out var credential))
        {
            return Argument("The credential is malformed.", "x-oss-credential", fields["x-oss-credential"], "0002-00000224");
        }

        if (credential.Region != _region)
        {
            return Argument("The signing region in credential is invalid.", "x-oss-credential", fields["x-oss-credential"], "0002-00000715");
        }

        if (!V4Timestamp.TryParse(fields["x-oss-date"], out var time) || !fields["x-oss-date"].StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return Argument("The date is invalid, or not that of the credential.", "x-oss-date", fields["x-oss-date"], "0002-00000223");
        }

        var now = _clock.GetUtcNow();
        if (time > now + OssLimits.MaxClockSkew || now > time + OssLimits.MaxPresignLifetime)
        {
            return Skewed(time, now);
        }

        if (FindKey(credential, fields.GetValueOrDefault("x-oss-security-token"), out var accessKey) is { } refusal)
        {
            return refusal;
        }

        var policy = fields["policy"];
        var expected = new V4Signer(accessKey!, credential.Region, credential.Product).SignPolicy(policy, time);
        return SameText(expected, fields["x-oss-signature"]) ? SignatureVerification.By(accessKey!) : Mismatch(accessKey!, fields["x-oss-signature"], policy, null);
    }

    private SignatureVerification VerifyHeader(
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
            return Argument("The Authorization header is malformed.", "Authorization", parts.GetValueOrDefault("Credential") ?? "", "0002-00000213");
        }

        if (credential.Region != _region)
        {
            return Argument("Invalid signing region in Authorization header.", "Authorization", credential.Region, "0002-00000228");
        }

        var timestamp = Find(headers, "x-oss-date");
        if (!(timestamp is not null ? V4Timestamp.TryParse(timestamp, out var time) : TryParseHttpDate(Find(headers, "Date"), out time)))
        {
            return SignatureVerification.Refused(OssErrorCode.AccessDenied, "OSS authentication requires a valid Date.", null);
        }

        // Without x-oss-date, the Date header is signed as it stands (the Go SDK, V1, does so).
        timestamp ??= Find(headers, "Date")!;
        if (!V4Timestamp.ToText(time).StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return Argument("The date of the credential is not that of the request.", "Authorization", credential.Date, "0002-00000213");
        }

        var now = _clock.GetUtcNow();
        if ((now - time).Duration() > OssLimits.MaxClockSkew)
        {
            return Skewed(time, now);
        }

        if (Find(headers, "x-oss-content-sha256") is not V4Signer.UnsignedPayload and var payload)
        {
            return Argument("x-oss-content-sha256 must be UNSIGNED-PAYLOAD.", "x-oss-content-sha256", payload ?? "", null);
        }

        return FindKey(credential, Find(headers, "x-oss-security-token"), out var accessKey)
            ?? Compare(accessKey!, credential, timestamp, signature, parts.GetValueOrDefault("AdditionalHeaders") ?? "", method, bucket, key, rawQuery, query, headers);
    }

    private SignatureVerification VerifyQuery(
        string method, string? bucket, string? key, string rawQuery,
        IReadOnlyList<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        string? Parameter(string name) => query.FirstOrDefault(parameter => parameter.Key == name).Value;

        if (!V4Credential.TryParse(Parameter("x-oss-credential"), out var credential))
        {
            return Argument("The credential is malformed.", "x-oss-credential", Parameter("x-oss-credential") ?? "", "0002-00000224");
        }

        if (credential.Region != _region)
        {
            return Argument("Invalid signing region in credential.", "x-oss-credential", credential.Region, "0002-00000226");
        }

        if (Parameter("x-oss-signature") is not { Length: > 0 } signature)
        {
            return Argument("The query has no x-oss-signature.", "x-oss-signature", "", "0002-00000219");
        }

        if (Parameter("x-oss-date") is not { } timestamp || !V4Timestamp.TryParse(timestamp, out var time) || !timestamp.StartsWith(credential.Date, StringComparison.Ordinal))
        {
            return Argument("x-oss-date is invalid, or not of the credential's day.", "x-oss-date", Parameter("x-oss-date") ?? "", "0002-00000223");
        }

        if (Parameter("x-oss-expires") is not { Length: > 0 } expiresText)
        {
            return Argument("The query has no x-oss-expires.", "x-oss-expires", "", "0002-00000215");
        }

        var token = Parameter("x-oss-security-token");
        var longest = token is null ? OssLimits.MaxPresignLifetime : OssLimits.MaxTemporaryPresignLifetime;
        if (!long.TryParse(expiresText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1 || seconds > longest.TotalSeconds)
        {
            return Argument($"x-oss-expires must be from 1 to {longest.TotalSeconds:0}.", "x-oss-expires", expiresText, "0002-00000232");
        }

        var now = _clock.GetUtcNow();
        if (time - now > OssLimits.MaxClockSkew)
        {
            return Skewed(time, now);
        }

        var expires = time.AddSeconds(seconds);
        if (now >= expires)
        {
            return SignatureVerification.Refused(
                OssErrorCode.AccessDenied, "Request has expired.", "0002-00000069", new("Expires", OssXml.Time(expires)), new("ServerTime", OssXml.Time(now)));
        }

        return FindKey(credential, token, out var accessKey)
            ?? Compare(accessKey!, credential, timestamp, signature, Parameter("x-oss-additional-headers") ?? "", method, bucket, key, rawQuery, query, headers);
    }

    private static SignatureVerification Compare(
        AccessKey accessKey, V4Credential credential, string timestamp, string signature, string additionalHeaders, string method, string? bucket, string? key,
        string rawQuery, IReadOnlyList<KeyValuePair<string, string?>> query, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        var additional = additionalHeaders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (additional.FirstOrDefault(name => Find(headers, name) is null) is { } absent)
        {
            return Mismatch(accessKey, signature, $"The header {absent}, which was signed, is not in the request.", null);
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
            if (SameText(V4Signer.Signature(day, timestamp, text), signature))
            {
                return SignatureVerification.By(accessKey);
            }
        }

        var canonical = V4CanonicalRequest.ToText(request, strict, signed);
        return Mismatch(accessKey, signature, V4Signer.StringToSign(timestamp, day.Scope, Encoding.UTF8.GetBytes(canonical)), canonical);
    }

    private SignatureVerification? FindKey(V4Credential credential, string? token, out AccessKey? accessKey)
    {
        accessKey = _findKey(credential.AccessKeyId);
        return accessKey is null
            ? SignatureVerification.Refused(
                OssErrorCode.InvalidAccessKeyId, "The OSS Access Key Id you provided does not exist in our records.", "0002-00000902", new KeyValuePair<string, string>("OSSAccessKeyId", credential.AccessKeyId))
            : (accessKey.SecurityToken ?? "") != (token ?? "")
                ? SignatureVerification.Refused(OssErrorCode.InvalidSecurityToken, "The security token you provided is invalid.", null)
                : null;
    }

    private static SignatureVerification Argument(string message, string name, string value, string? ec) =>
        SignatureVerification.Refused(OssErrorCode.InvalidArgument, message, ec, new("ArgumentName", name), new("ArgumentValue", value));

    private static SignatureVerification Skewed(DateTimeOffset time, DateTimeOffset now) =>
        SignatureVerification.Refused(
            OssErrorCode.RequestTimeTooSkewed, "The difference between the request time and the current time is too large.", null,
            new("MaxAllowedSkewMilliseconds", "900000"), new("RequestTime", OssXml.Time(time)), new("ServerTime", OssXml.Time(now)));

    private static SignatureVerification Mismatch(AccessKey accessKey, string provided, string stringToSign, string? canonicalRequest)
    {
        var details = new List<KeyValuePair<string, string>>
        {
            new("OSSAccessKeyId", accessKey.Id),
            new("SignatureProvided", provided),
            new("StringToSign", stringToSign),
            new("StringToSignBytes", string.Join(' ', Encoding.UTF8.GetBytes(stringToSign).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))),
        };
        if (canonicalRequest is not null)
        {
            details.Add(new("CanonicalRequest", canonicalRequest));
        }

        return SignatureVerification.Refused(
            OssErrorCode.SignatureDoesNotMatch, "The request signature we calculated does not match the signature you provided. Check your key and signing method.", "0002-00000040", details);
    }

    private static bool HasV4Header(string? authorization) => authorization?.Split(' ', 2)[0] == V4Signer.Algorithm;

    private static bool HasV4Query(IEnumerable<KeyValuePair<string, string?>> query) =>
        query.Any(parameter => parameter is { Key: "x-oss-signature-version", Value: V4Signer.Algorithm });

    private static string? Find(IEnumerable<KeyValuePair<string, string>> headers, string name) =>
        headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool TryParseHttpDate(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static bool SameText(string expected, string provided) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(provided));
}
