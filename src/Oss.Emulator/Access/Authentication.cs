using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Access;

/// <summary>Who asks, and, where a request can be read in two ways, for what: the reading under which the signature is right.</summary>
internal sealed class Authentication
{
    private readonly BucketIndex _buckets;
    private readonly KeyRing _keys;
    private readonly V4Verifier _v4;
    private readonly V1Verifier _v1;
    private readonly bool _acceptsV1;

    public Authentication(OssEmulatorOptions options, BucketIndex buckets, KeyRing keys)
    {
        _buckets = buckets;
        _keys = keys;
        _v4 = new V4Verifier(options.Region, keys.LookUp, options.Clock);
        _v1 = new V1Verifier(keys.LookUp, options.Clock);
        _acceptsV1 = options.AcceptsSignatureV1;
    }

    /// <summary>The caller that a signature tells of; a wrong signature is refused.</summary>
    public Caller CallerOf(SignatureVerification verification) =>
        verification.Error is { } error ? throw new OssException(error)
        : verification.Signer is { } signer ? new Caller(signer.Id, _keys.RightsOf(signer))
        : Caller.Anonymous;

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
        _v4.VerifyForm(form) is { Scheme: not SignatureScheme.None } v4 ? v4 : IfAccepted(_v1.VerifyForm(form));

    private SignatureVerification Verify(HttpRequest request, RequestTarget target, KeyValuePair<string, string>[] headers) =>
        _v4.Verify(request.Method, target.Bucket, target.Key, target.RawQuery, headers) is { Scheme: not SignatureScheme.None } v4
            ? v4
            : IfAccepted(_v1.Verify(request.Method, target.Bucket, target.Key, target.RawQuery, headers));

    private SignatureVerification IfAccepted(SignatureVerification v1) =>
        _acceptsV1 || v1.Scheme == SignatureScheme.None ? v1 : SignatureVerification.Refused(Refusals.SignatureV1().Error, v1.Scheme);
}
