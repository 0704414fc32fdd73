using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Access;

/// <summary>Who asks, and, where a request can be read in two ways, for what: the reading under which the signature is right.</summary>
internal sealed class Authentication
{
    private readonly BucketIndex _buckets;
    private readonly V4Verifier _v4;

    public Authentication(OssEmulatorOptions options, BucketIndex buckets)
    {
        var keys = options.AccessKeys.ToDictionary(key => key.Id, StringComparer.Ordinal);
        _buckets = buckets;
        _v4 = new V4Verifier(options.Region, keys.GetValueOrDefault, options.Clock);
    }

    /// <summary>Checks the signature in the headers or in the query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="candidates">What it may be about; at least one.</param>
    public (RequestTarget Target, SignatureVerification Verification) Identify(HttpRequest request, IReadOnlyList<RequestTarget> candidates)
    {
        var headers = request.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(',', header.Value.AsEnumerable()))).ToArray();
        var verified = candidates.Select(target => (Target: target, Verification: Verify(request, target, headers))).ToArray();
        return verified.FirstOrDefault(one => one.Verification.IsValid) is { Target: not null } right ? right
            : verified.FirstOrDefault(one => _buckets.Find(one.Target.Bucket) is not null) is { Target: not null } existing ? existing
            : verified[0];
    }

    /// <summary>Checks the signature of a form over its policy; headers do not count.</summary>
    public SignatureVerification Identify(IReadOnlyDictionary<string, string> form) =>
        _v4.VerifyForm(form) is { IsValid: false, Error: null } && form.ContainsKey("OSSAccessKeyId") ? throw Refusals.SignatureV1() : _v4.VerifyForm(form);

    private SignatureVerification Verify(HttpRequest request, RequestTarget target, KeyValuePair<string, string>[] headers)
    {
        var verification = _v4.Verify(request.Method, target.Bucket, target.Key, target.RawQuery, headers);
        return verification is { IsValid: false, Error: null } && (request.Headers.Authorization.Count > 0 || target.Parameter("OSSAccessKeyId") is not null)
            ? throw Refusals.SignatureV1()
            : verification;
    }
}
