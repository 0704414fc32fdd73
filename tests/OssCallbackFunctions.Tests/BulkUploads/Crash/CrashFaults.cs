using Oss.Emulator;
using Oss.Emulator.Faults;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>What OSS does wrong: ten of a hundred operations of any kind, and of those with a body some more.</summary>
internal static class CrashFaults
{
    private const double Each = 0.025;
    private static readonly string[] LostReplies = [new LoseReplyEffect().Kind, new ResetReplyEffect().Kind];

    public static IReadOnlyList<InstalledFault> Install(FaultInjection faults, int seed) =>
    [
        .. new FaultEffect[]
        {
            ErrorEffect.Of(OssErrorCode.InternalError), new ThrottleEffect { Delay = TimeSpan.FromMilliseconds(200) }, new LoseReplyEffect(), new ResetReplyEffect(), new ResetRequestEffect(),
        }.Select(effect => faults.Add(new Fault("*", Each) { Seed = seed, Effect = effect })),
    ];

    /// <summary>Whether an operation was carried out of which its caller heard nothing.</summary>
    public static bool IsLost(RecordedRequest request) => request.Faults.Any(LostReplies.Contains);
}
