using Oss.Emulator.Access;
using Oss.Protocol;

namespace Oss.Emulator.Sts;

/// <summary>What came of looking a temporary key up; all but the status is there only when that is Expired or Valid.</summary>
/// <param name="Status">What is known of it.</param>
internal sealed record TemporaryKey(KeyStatus Status)
{
    public AccessKey? Key { get; init; }

    /// <summary>The role that was assumed.</summary>
    public string? RoleArn { get; init; }

    public string? SessionName { get; init; }

    /// <summary>What the token was asked for with takes rights away; null: nothing.</summary>
    public RamPolicy? SessionPolicy { get; init; }

    public DateTimeOffset Expiration { get; init; }
}
