namespace Oss.Emulator.Access;

/// <summary>Who asks: a key that signed, or nobody in particular.</summary>
/// <param name="AccessKeyId">Id of the key; null for an anonymous caller.</param>
/// <param name="Rights">What policies let the key do; an anonymous caller has what ACLs make public.</param>
internal sealed record Caller(string? AccessKeyId, Rights Rights)
{
    public static readonly Caller Anonymous = new(null, Rights.None);

    public bool IsAnonymous => AccessKeyId is null;
}
