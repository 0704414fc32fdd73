namespace Oss.Protocol.Tests;

/// <summary>A signed request as it arrives, and the verifier's view of the world.</summary>
internal sealed record SignedCall(string Method, string? Bucket, string? Key, string RawQuery, IReadOnlyDictionary<string, string> Headers, AccessKey Known)
{
    public DateTimeOffset Now { get; init; } = Some.Time;

    public string Region { get; init; } = Some.Region;

    public bool IsPresigned { get; init; }

    public bool IsV1 { get; init; }

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
        return new SignedCall(request.Method, request.Bucket, request.Key, request.RawQuery(), new Dictionary<string, string>(request.Headers), key);
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

    /// <summary>As <see cref="Make"/>, signed with V1; of the parameters some are sub-resources, <c>prefix</c> is none.</summary>
    public static SignedCall MakeV1(int seed)
    {
        var arbitrary = new Arbitrary(seed);
        var request = new OssRequest("PUT", "b-" + arbitrary.Name(8), arbitrary.Key());
        request.With("prefix", "value").With("response-expires", "value");
        string[] optional = ["uploadId", "callback", "callback-var", "x-oss-process", "max-keys"];
        foreach (var name in optional.Where(_ => arbitrary.Below(2) == 0))
        {
            request.With(name, arbitrary.Below(4) == 0 ? null : arbitrary.Text(20));
        }

        request.Headers["Content-Type"] = "text/plain";
        request.Headers["Content-MD5"] = "XUFAKrxLKna5cZ2REBfFkg==";
        request.Headers["X-Oss-Meta-Fixed"] = "fixed";
        for (var i = arbitrary.Below(5); i > 0; i--)
        {
            request.Headers["X-Oss-Meta-" + arbitrary.Name(5)] = arbitrary.Text(20, controls: false);
        }

        var key = arbitrary.Below(3) == 0 ? Some.TemporaryKey : Some.Key;
        return seed % 2 == 0 ? SignV1(request, key) : PresignV1(request, key, TimeSpan.FromSeconds(arbitrary.Between(1, 1_000_000)));
    }

    public static SignedCall SignV1(OssRequest request, AccessKey key)
    {
        request.Headers["Date"] = Some.Time.ToString("R");
        if (key.IsTemporary)
        {
            request.Headers["x-oss-security-token"] = key.SecurityToken!;
        }

        request.Headers["Authorization"] = $"{V1Signature.Scheme} {key.Id}:{V1Signature.Sign(key.Secret, V1Signature.StringToSign(request))}";
        return new SignedCall(request.Method, request.Bucket, request.Key, request.RawQuery(), new Dictionary<string, string>(request.Headers), key) { IsV1 = true };
    }

    public static SignedCall PresignV1(OssRequest request, AccessKey key, TimeSpan lifetime)
    {
        if (key.IsTemporary)
        {
            request.With("security-token", key.SecurityToken);
        }

        var expires = Some.Time + lifetime;
        var signature = V1Signature.Sign(key.Secret, V1Signature.StringToSign(request, expires));
        request.With("OSSAccessKeyId", key.Id).With("Expires", $"{expires.ToUnixTimeSeconds()}").With("Signature", signature);
        return new SignedCall(request.Method, request.Bucket, request.Key, request.RawQuery(), new Dictionary<string, string>(request.Headers), key)
        {
            IsV1 = true,
            IsPresigned = true,
            Lifetime = lifetime,
        };
    }

    public SignatureVerification Verify() => IsV1
        ? Some.V1Verifier(Known, Now).Verify(Method, Bucket, Key, RawQuery, [.. Headers])
        : Some.Verifier(Known, Now, Region).Verify(Method, Bucket, Key, RawQuery, [.. Headers]);

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
            var name = IsV1 ? "Signature" : "x-oss-signature";
            return WithParameter(name, alter(OssEncoding.ParseQuery(RawQuery).Single(pair => pair.Key == name).Value!));
        }

        var mark = IsV1 ? ":" : "Signature=";
        var parts = Headers["Authorization"].Split(mark);
        return WithHeader("Authorization", $"{parts[0]}{mark}{alter(parts[1])}");
    }
}
