namespace Oss.Emulator.Sts;

/// <summary>A temporary key as STS hands it out.</summary>
/// <param name="AccessKeyId">Begins with <c>STS.</c></param>
/// <param name="AccessKeySecret">Its secret.</param>
/// <param name="SecurityToken">What must come with every request that the key signs.</param>
/// <param name="Expiration">From this time on it is void; a whole second.</param>
internal sealed record StsCredentials(string AccessKeyId, string AccessKeySecret, string SecurityToken, DateTimeOffset Expiration)
{
    /// <summary>The id alone: secret and token are not for logs.</summary>
    public override string ToString() => $"AccessKey {AccessKeyId}";
}
