using Oss.Emulator.Faults;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>What goes wrong, by name. A key's first folder is the name of the fault that its requests meet, so that the plan alone says which uploads suffer what.</summary>
internal static class ChaosFaults
{
    public const string None = "none";
    public const string Late = "late";
    public const string TooLate = "too-late";

    private static readonly string[] Uploads = ["PutObject", "PostObject"];

    /// <summary>The names, with how often the plan has each.</summary>
    public static readonly IReadOnlyList<(string Name, int Weight)> Weights =
    [
        (None, 26), ("dropped-unreachable", 8), ("dropped-timeout", 6), ("dropped-success", 8), ("doubled", 10), ("doubled-late", 5), ("delayed-300", 8), ("delayed-1500", 6),
        (Late, 1), (TooLate, 1), ("head-fails", 5), ("head-slow", 2), ("refused", 5), ("reset", 4), ("reply-lost", 6), ("forged", 2), ("altered", 2),
    ];

    /// <summary>Faults that let the first attempt of an upload succeed and tell its uploader so.</summary>
    public static readonly IReadOnlyList<string> WithoutRetries = [None, "dropped-success", "doubled", "delayed-300", "delayed-1500", "delayed-1500", "head-fails"];

    /// <summary>Installs them all.</summary>
    /// <returns>The faults at work by name, with their hits.</returns>
    public static ILookup<string, InstalledFault> Install(FaultInjection faults, long seed, TimeSpan tooLate) =>
        All(tooLate).ToLookup(fault => fault.Name, fault => faults.Add(fault.Fault with { KeyPrefix = fault.Name + "/", Seed = seed }));

    private static IEnumerable<(string Name, Fault Fault)> All(TimeSpan tooLate)
    {
        yield return ("dropped-unreachable", Always(new DropCallbackEffect { Answer = DroppedCallback.Unreachable }));
        yield return ("dropped-timeout", Always(new DropCallbackEffect { Answer = DroppedCallback.Timeout }));
        yield return ("dropped-success", Always(new DropCallbackEffect { Answer = DroppedCallback.Success }));
        yield return ("doubled", Always(new DoubleCallbackEffect()));
        yield return ("doubled-late", Always(new DoubleCallbackEffect()));
        yield return ("doubled-late", Always(Delay(0.7)));
        yield return ("delayed-300", Always(Delay(0.3)));
        yield return ("delayed-1500", Always(Delay(1.5)));
        yield return (Late, Always(Delay(6)));
        yield return (TooLate, Always(new DelayCallbackEffect { Duration = tooLate }));
        yield return ("forged", Always(new ForgeCallbackEffect()));
        yield return ("altered", Always(new AlterCallbackEffect()));
        // OSS is asked three times for one look: of four callbacks one is left to the ledger, which has the same trouble.
        yield return ("head-fails", new Fault("HeadObject", 0.65) { Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        yield return ("head-slow", new Fault("HeadObject", 0.8) { Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(2) } });
        foreach (var upload in Uploads)
        {
            yield return ("refused", new Fault(upload, 0.5) { Effect = new ThrottleEffect() });
            yield return ("reset", new Fault(upload, 0.5) { Effect = new ResetRequestEffect() });
            yield return ("reply-lost", new Fault(upload, 0.6) { Effect = new LoseReplyEffect() });
        }
    }

    // The callback's effects meet nothing but uploads with a callback.
    private static Fault Always(FaultEffect effect) => new() { Effect = effect };

    private static DelayCallbackEffect Delay(double seconds) => new() { Duration = TimeSpan.FromSeconds(seconds) };
}
