using System.Text.Json.Serialization;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>
/// A PostObject form in the shape of Alibaba Cloud's own samples, which many front ends parse: such a front end sends key, policy, the <c>x-oss-*</c> fields and the callback, and nothing else
/// that a condition could pin. Source: OSS documentation, "Obtain signature information from the server and upload data to OSS".
/// </summary>
/// <param name="AccessId">Id of the access key.</param>
/// <param name="Host">Where the form is sent.</param>
/// <param name="Policy">Policy, base64.</param>
/// <param name="Signature">Its V4 signature, for the field <c>x-oss-signature</c>.</param>
/// <param name="Expire">When the policy ends, in seconds since 1970.</param>
/// <param name="Dir">The key up to its last slash.</param>
/// <param name="Callback">Callback, base64.</param>
/// <param name="Filename">The rest of the key: the field <c>key</c> is <c>dir + filename</c>, exactly.</param>
/// <param name="Version">For the field <c>x-oss-signature-version</c>.</param>
/// <param name="Credential">For the field <c>x-oss-credential</c>.</param>
/// <param name="Date">For the field <c>x-oss-date</c>.</param>
/// <param name="SecurityToken">For the field <c>x-oss-security-token</c>; null: the key is permanent.</param>
/// <param name="Id">Id of the upload, which comes back with the callback.</param>
public sealed record FormPolicy(
    [property: JsonPropertyName("accessid")] string AccessId, string Host, string Policy, string Signature, long Expire, string Dir, string Callback, string Filename,
    [property: JsonPropertyName("x_oss_signature_version")] string Version, [property: JsonPropertyName("x_oss_credential")] string Credential,
    [property: JsonPropertyName("x_oss_date")] string Date, [property: JsonPropertyName("security_token")] string? SecurityToken, string Id) : ILentCredential
{
    /// <inheritdoc/>
    [JsonIgnore]
    public LedgerEntry? Entry { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public long MaxBytes { get; init; }

    /// <summary>The id alone: policy and signature are not for logs.</summary>
    public override string ToString() => $"FormPolicy {Id}";
}
