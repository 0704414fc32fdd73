namespace Oss.Protocol;

/// <summary>A pair of AccessKey id and secret, and the security token that goes with temporary (STS) ones.</summary>
/// <param name="Id">Public half; travels in every signed request.</param>
/// <param name="Secret">Private half; never leaves this process and is never printed.</param>
/// <param name="SecurityToken">Token of an STS credential; null for a permanent key.</param>
public sealed record AccessKey(string Id, string Secret, string? SecurityToken = null)
{
    /// <summary>Whether this is a temporary credential, which ends when its token does.</summary>
    public bool IsTemporary => !string.IsNullOrEmpty(SecurityToken);

    /// <summary>The id alone: secret and token are not for logs.</summary>
    public override string ToString() => $"AccessKey {Id}";
}
