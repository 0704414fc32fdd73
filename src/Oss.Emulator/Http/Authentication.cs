using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>Who asks: a request without a good signature goes no further. Nothing is public here, whatever an ACL says.</summary>
internal sealed class Authentication
{
    private readonly V4Verifier _verifier;

    public Authentication(OssEmulatorOptions options)
    {
        var keys = options.AccessKeys.ToDictionary(key => key.Id, StringComparer.Ordinal);
        _verifier = new V4Verifier(options.Region, keys.GetValueOrDefault, options.Clock);
    }

    /// <summary>Checks the headers or the query of a request.</summary>
    public void Require(OssCall call)
    {
        var headers = call.Request.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(',', header.Value.AsEnumerable()))).ToArray();
        var verification = _verifier.Verify(call.Request.Method, call.Target.Bucket, call.Target.Key, call.Target.RawQuery, headers);
        Require(verification, call.Header("Authorization") is not null || call.Target.Parameter("OSSAccessKeyId") is not null);
    }

    /// <summary>Checks the policy of a form; headers do not count.</summary>
    public void Require(IReadOnlyDictionary<string, string> form) => Require(_verifier.VerifyForm(form), form.ContainsKey("OSSAccessKeyId"));

    private static void Require(SignatureVerification verification, bool otherwiseSigned)
    {
        if (!verification.IsValid)
        {
            throw verification.Error is { } error ? new OssException(error)
                : otherwiseSigned ? Refusals.SignatureV1()
                : Refusals.AnonymousAccess();
        }
    }
}
