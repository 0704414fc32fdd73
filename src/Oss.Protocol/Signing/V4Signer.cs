using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// Signs for OSS with version 4 (<c>OSS4-HMAC-SHA256</c>): requests by header, URLs by query, form policies. One instance per key and region;
/// it keeps the derived key of the day. Safe for concurrent use.
/// Source: OSS documentation, "Include signatures in the Authorization header (V4)", "Add signatures to URLs (V4)", "POST V4 signature".
/// </summary>
public sealed class V4Signer : ISignerSource
{
    /// <summary>Name of the algorithm, first word of the Authorization header.</summary>
    public const string Algorithm = "OSS4-HMAC-SHA256";

    /// <summary>The only payload hash OSS's SDKs use: bodies are not part of the signature.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private const int StackBytes = 2048;
    private const int HashBytes = SHA256.HashSizeInBytes;

    private SigningDay? _day;

    /// <summary>A signer for one key in one region.</summary>
    /// <param name="accessKey">The key; its security token, if any, is sent and signed too.</param>
    /// <param name="region">Region id such as <c>cn-hangzhou</c> (not <c>oss-cn-hangzhou</c>).</param>
    /// <param name="product"><c>oss</c>, or <c>oss-cloudbox</c> with the box's id as region.</param>
    public V4Signer(AccessKey accessKey, string region, string product = "oss")
    {
        AccessKey = accessKey;
        Region = region;
        Product = product;
    }

    /// <summary>The key that signs.</summary>
    public AccessKey AccessKey { get; }

    /// <summary>Region id.</summary>
    public string Region { get; }

    /// <summary>Product name in the scope.</summary>
    public string Product { get; }

    /// <summary>When the key ends, and with it all that it signed; null: never, or nobody knows.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <inheritdoc/>
    public TimeSpan LongestLife => AccessKey.IsTemporary ? OssLimits.MaxTemporaryPresignLifetime : OssLimits.MaxPresignLifetime;

    /// <summary>Signs a request by header: adds <c>x-oss-date</c>, <c>x-oss-content-sha256</c>, <c>x-oss-security-token</c>, <c>Date</c> and <c>Authorization</c> to it.</summary>
    /// <param name="request">Complete but for the signature; what is added to it later and is an x-oss-* header breaks the signature.</param>
    /// <param name="time">Time of signing; OSS refuses what is more than 15 minutes from its own.</param>
    public void Sign(OssRequest request, DateTimeOffset time)
    {
        var day = Day(time);
        var timestamp = V4Timestamp.ToText(time);
        request.Headers["x-oss-content-sha256"] = UnsignedPayload;
        request.Headers["x-oss-date"] = timestamp;
        request.Headers["Date"] = time.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        if (AccessKey.IsTemporary)
        {
            request.Headers["x-oss-security-token"] = AccessKey.SecurityToken!;
        }

        var headers = new SignedHeaders(request.Headers, request.Headers.Count, request.AdditionalHeaders);
        var query = request.Query.ToArray();
        CanonicalQuery.Sort(query);
        var canonical = new Utf8Buffer(stackalloc byte[StackBytes]);
        try
        {
            V4CanonicalRequest.Write(ref canonical, request, query, headers);
            var additional = headers.AdditionalNames;
            request.Headers["Authorization"] = string.Concat(
                $"{Algorithm} Credential={day.Credential}",
                additional.Length == 0 ? "" : ",AdditionalHeaders=" + additional,
                ",Signature=",
                Signature(day, timestamp, canonical.Written));
        }
        finally
        {
            canonical.Dispose();
        }
    }

    /// <summary>Signs a URL, so that its holder can send the request without a key.</summary>
    /// <param name="request">The request; its headers become part of the bargain: the holder must send them exactly.</param>
    /// <param name="endpoint">Where the URL points.</param>
    /// <param name="time">Time of signing, from which the lifetime counts.</param>
    /// <param name="lifetime">Whole seconds, 1 s to 7 days; to 12 hours with an STS key. What goes beyond <see cref="Expires"/> is cut off, down to 1 s.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is none that OSS accepts.</exception>
    public PresignedUrl Presign(OssRequest request, OssEndpoint endpoint, DateTimeOffset time, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLife);
        var seconds = (long)Cut(lifetime, time).TotalSeconds;

        var day = Day(time);
        var timestamp = V4Timestamp.ToText(time);
        var headers = new SignedHeaders(request.Headers, request.Headers.Count, request.AdditionalHeaders);
        var query = PresignedQuery(request, day, timestamp, seconds, headers.AdditionalNames);
        var canonical = new Utf8Buffer(stackalloc byte[StackBytes]);
        var url = new Utf8Buffer(stackalloc byte[StackBytes]);
        try
        {
            var (path, queryText) = V4CanonicalRequest.Write(ref canonical, request, query, headers);
            var hasBucketInPath = endpoint.Addressing == OssAddressing.Path || request.Bucket is null;
            url.Append(endpoint.Origin(request.Bucket));
            url.Append(canonical.Written[path][(hasBucketInPath ? 0 : request.Bucket!.Length + 1)..]);
            url.Append((byte)'?');
            url.Append(canonical.Written[queryText]);
            url.Append("&" + CanonicalQuery.SignatureParameter + "=");
            url.Append(Signature(day, timestamp, canonical.Written));
            return new PresignedUrl(request.Method, Encoding.ASCII.GetString(url.Written), HeadersToSend(request), WholeSecond(time).AddSeconds(seconds));
        }
        finally
        {
            canonical.Dispose();
            url.Dispose();
        }
    }

    /// <summary>Signs the policy of a PostObject form: one HMAC over the base64 text.</summary>
    /// <returns>Value of the form field <c>x-oss-signature</c>.</returns>
    public string SignPolicy(string policyBase64, DateTimeOffset time)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        var policy = new Utf8Buffer(stackalloc byte[StackBytes]);
        try
        {
            policy.Append(policyBase64);
            Day(time).Sign(policy.Written, hash);
            return Convert.ToHexStringLower(hash);
        }
        finally
        {
            policy.Dispose();
        }
    }

    /// <summary>What is left of a lifetime that begins now when the key ends before; at least a second.</summary>
    internal TimeSpan Cut(TimeSpan lifetime, DateTimeOffset time) =>
        Expires is not { } end || time + lifetime <= end ? lifetime : TimeSpan.FromTicks(Math.Max((end - time).Ticks, TimeSpan.TicksPerSecond));

    ValueTask<V4Signer> ISignerSource.CurrentAsync(CancellationToken cancellationToken) => new(this);

    bool ISignerSource.Refuse(V4Signer signer) => false;

    /// <summary>Value of <c>x-oss-credential</c> for a signature of this time: key id and scope.</summary>
    public string Credential(DateTimeOffset time) => Day(time).Credential;

    internal SigningDay Day(DateTimeOffset time)
    {
        var date = DateOnly.FromDateTime(time.UtcDateTime);
        var day = _day;
        if (day?.Date != date)
        {
            // Two threads may derive it at the same time: the result is the same.
            _day = day = new SigningDay(AccessKey, date, Region, Product);
        }

        return day;
    }

    /// <summary>The second of the two texts that are signed.</summary>
    internal static string StringToSign(string timestamp, string scope, ReadOnlySpan<byte> canonicalRequest) =>
        $"{Algorithm}\n{timestamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(canonicalRequest))}";

    internal static string Signature(SigningDay day, string timestamp, ReadOnlySpan<byte> canonicalRequest)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        Span<char> hex = stackalloc char[HashBytes * 2];
        SHA256.HashData(canonicalRequest, hash);
        Convert.TryToHexStringLower(hash, hex, out _);

        var text = new Utf8Buffer(stackalloc byte[256]);
        text.Append(Algorithm);
        text.Append((byte)'\n');
        text.Append(timestamp);
        text.Append((byte)'\n');
        text.Append(day.Scope);
        text.Append((byte)'\n');
        text.Append(hex);
        day.Sign(text.Written, hash);
        text.Dispose();
        return Convert.ToHexStringLower(hash);
    }

    private KeyValuePair<string, string?>[] PresignedQuery(OssRequest request, SigningDay day, string timestamp, long seconds, string additionalHeaders)
    {
        var given = request.Query.Count;
        var count = given + 4 + (additionalHeaders.Length > 0 ? 1 : 0) + (AccessKey.IsTemporary ? 1 : 0);
        var query = new KeyValuePair<string, string?>[count];
        request.Query.CopyTo(query, 0);
        query[given++] = new("x-oss-signature-version", Algorithm);
        query[given++] = new("x-oss-credential", day.Credential);
        query[given++] = new("x-oss-date", timestamp);
        query[given++] = new("x-oss-expires", seconds.ToString(CultureInfo.InvariantCulture));
        if (additionalHeaders.Length > 0)
        {
            query[given++] = new("x-oss-additional-headers", additionalHeaders);
        }

        if (AccessKey.IsTemporary)
        {
            query[given] = new("x-oss-security-token", AccessKey.SecurityToken);
        }

        CanonicalQuery.Sort(query);
        return query;
    }

    private static Dictionary<string, string> HeadersToSend(OssRequest request)
    {
        var headers = new Dictionary<string, string>(request.Headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Headers)
        {
            if (SignedHeaders.IsSignedByDefault(name)
                || (request.AdditionalHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                    && !name.Equals("host", StringComparison.OrdinalIgnoreCase) && !name.Equals("content-length", StringComparison.OrdinalIgnoreCase)))
            {
                headers[name] = value;
            }
        }

        return headers;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
