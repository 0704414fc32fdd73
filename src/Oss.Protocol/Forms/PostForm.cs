namespace Oss.Protocol;

/// <summary>A signed PostObject form: what a browser needs to upload one file without a key.</summary>
/// <param name="Url">Where to send it, as <c>multipart/form-data</c>.</param>
/// <param name="Fields">The fields, to be sent in this order, exactly, before the part <c>file</c>.</param>
/// <param name="Expires">From this time on OSS refuses the form.</param>
public sealed record PostForm(string Url, IReadOnlyList<KeyValuePair<string, string>> Fields, DateTimeOffset Expires)
{
    /// <summary>
    /// Signs a form in which nothing can be changed: the bucket and each of the fields given is pinned by a condition of the policy, and so is the size of the file.
    /// </summary>
    /// <param name="signer">The key that signs.</param>
    /// <param name="endpoint">Where OSS is.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="fields">The form's own fields, <c>key</c> among them. A key with <c>${filename}</c> in it would be completed by OSS.</param>
    /// <param name="minSize">Smallest file in bytes.</param>
    /// <param name="maxSize">Largest file in bytes.</param>
    /// <param name="time">Time of signing.</param>
    /// <param name="lifetime">Time from then on in which OSS accepts the form; at most 7 days. What goes beyond the key's end is cut off.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime or the sizes are none that OSS accepts.</exception>
    public static PostForm Sign(
        V4Signer signer, OssEndpoint endpoint, string bucket, IReadOnlyCollection<KeyValuePair<string, string>> fields,
        long minSize, long maxSize, DateTimeOffset time, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, OssLimits.MaxPresignLifetime);

        var expires = time + signer.Cut(lifetime, time);
        var all = new List<KeyValuePair<string, string>>(fields.Count + 6);
        all.AddRange(fields);
        all.Add(new("x-oss-signature-version", V4Signer.Algorithm));
        all.Add(new("x-oss-credential", signer.Credential(time)));
        all.Add(new("x-oss-date", V4Timestamp.ToText(time)));
        if (signer.AccessKey.IsTemporary)
        {
            all.Add(new("x-oss-security-token", signer.AccessKey.SecurityToken!));
        }

        var policy = new PostPolicy(expires).Equal("bucket", bucket);
        foreach (var (name, value) in all)
        {
            policy.Equal(name, value);
        }

        var policyText = policy.ContentLengthRange(minSize, maxSize).ToBase64();
        all.Add(new("policy", policyText));
        all.Add(new("x-oss-signature", signer.SignPolicy(policyText, time)));
        return new PostForm(endpoint.BucketUrl(bucket), all, expires);
    }

    /// <summary>Address and expiry: policy and signature are not for logs.</summary>
    public override string ToString() => $"PostForm until {Expires:O}";
}
