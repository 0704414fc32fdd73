namespace Oss.Protocol.Tests;

/// <summary>A signed request as it arrives, and the verifier's view of the world.</summary>
internal sealed record SignedCall(string Method, string? Bucket, string? Key, string RawQuery, IReadOnlyDictionary<string, string> Headers, AccessKey Known)
{
    public DateTimeOffset Now { get; init; } = Some.Time;

    public string Region { get; init; } = Some.Region;

    public bool IsPresigned { get; init; }

    public TimeSpan Lifetime { get; init; }

    /// <summary>A generated request with a parameter, a header and an additional header that are always there; even seeds sign by header, odd ones presign.</summary>
    public static SignedCall Make(int seed)
    {
        var arbitrary = new Arbitrary(seed);
        var request = new OssRequest("PUT", "b-" + arbitrary.Name(8), arbitrary.Key()) { AdditionalHeaders = ["content-length", "absent"] };
        request.With("fixed", "value");
        for (var i = arbitrary.Below(5); i > 0; i--)
        {
            request.With(arbitrary.Name(2) + arbitrary.Text(6), arbitrary.Text(20));
        }

        request.Headers["Content-Type"] = "text/plain";
        request.Headers["Content-Length"] = "3";
        request.Headers["x-oss-meta-fixed"] = "fixed";
        for (var i = arbitrary.Below(5); i > 0; i--)
        {
            request.Headers["X-Oss-Meta-" + arbitrary.Name(5)] = arbitrary.Text(20, controls: false);
        }

        var key = arbitrary.Below(3) == 0 ? Some.TemporaryKey : Some.Key;
        return seed % 2 == 0 ? Sign(request, key) : Presign(request, key, TimeSpan.FromSeconds(arbitrary.Between(1, 43_200)));
    }

    public static SignedCall Sign(OssRequest request, AccessKey key)
    {
        new V4Signer(key, Some.Region).Sign(request, Some.Time);
        var query = string.Join('&', request.Query.Select(pair => $"{OssEncoding.Encode(pair.Key)}={OssEncoding.Encode(pair.Value ?? "")}"));
        return new SignedCall(request.Method, request.Bucket, request.Key, query, new Dictionary<string, string>(request.Headers), key);
    }

    public static SignedCall Presign(OssRequest request, AccessKey key, TimeSpan lifetime)
    {
        var url = new V4Signer(key, Some.Region).Presign(request, Some.Endpoint, Some.Time, lifetime).Url;
        return new SignedCall(request.Method, request.Bucket, request.Key, url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..], new Dictionary<string, string>(request.Headers), key)
        {
            IsPresigned = true,
            Lifetime = lifetime,
        };
    }

    public SignatureVerification Verify() => Some.Verifier(Known, Now, Region).Verify(Method, Bucket, Key, RawQuery, [.. Headers]);

    public SignedCall WithHeader(string name, string? value)
    {
        var headers = Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToDictionary();
        if (value is not null)
        {
            headers[name] = value;
        }

        return this with { Headers = headers };
    }

    public SignedCall WithParameter(string name, string value) => this with
    {
        RawQuery = string.Join('&', RawQuery.Split('&').Select(pair => pair.Split('=')[0] == name ? $"{name}={OssEncoding.Encode(value)}" : pair)),
    };

    public SignedCall WithSignature(Func<string, string> alter)
    {
        if (IsPresigned)
        {
            return WithParameter("x-oss-signature", alter(OssEncoding.ParseQuery(RawQuery).Single(pair => pair.Key == "x-oss-signature").Value!));
        }

        var parts = Headers["Authorization"].Split("Signature=");
        return WithHeader("Authorization", $"{parts[0]}Signature={alter(parts[1])}");
    }
}
