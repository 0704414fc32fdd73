using System.Text.Json.Serialization;
using Oss.Emulator.Callbacks;

namespace Oss.Emulator.Faults;

/// <summary>What the uploader is told when a callback is dropped.</summary>
public enum DroppedCallback
{
    /// <summary>HTTP 203, as if OSS could not connect.</summary>
    Unreachable,

    /// <summary>HTTP 203, as if nobody had answered in time.</summary>
    Timeout,

    /// <summary>Plain success, as if no callback had been asked for.</summary>
    Success,
}

/// <summary>Nobody is called back. Requests without a callback are no match.</summary>
public sealed record DropCallbackEffect() : FaultEffect(Name)
{
    internal const string Name = "dropCallback";

    /// <summary>What the uploader is told.</summary>
    [JsonConverter(typeof(DroppedCallbackConverter))]
    public DroppedCallback Answer { get; init; }

    internal override bool AppliesTo(FaultSubject subject) => subject.HasCallback;

    internal override void AddTo(RequestPlan plan, double place) => plan.Callback = plan.Callback with
    {
        Drop = Answer switch
        {
            DroppedCallback.Timeout => CallbackDrop.AsTimeout,
            DroppedCallback.Success => CallbackDrop.AsSuccess,
            _ => CallbackDrop.AsUnreachable,
        },
    };
}

/// <summary>The callback is made twice. Requests without a callback are no match.</summary>
public sealed record DoubleCallbackEffect() : FaultEffect(Name)
{
    internal const string Name = "doubleCallback";

    internal override bool AppliesTo(FaultSubject subject) => subject.HasCallback;

    internal override void AddTo(RequestPlan plan, double place) => plan.Callback = plan.Callback with { IsDoubled = true };
}

/// <summary>
/// Time passes, by the emulator's clock, before the callback is made; from OSS's 5 seconds on the uploader is told that nobody answered. Several delays add up. Requests without a
/// callback are no match.
/// </summary>
public sealed record DelayCallbackEffect() : FaultEffect(Name)
{
    internal const string Name = "delayCallback";

    /// <summary>How long; in JSON <c>milliseconds</c>.</summary>
    [JsonPropertyName("milliseconds")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Duration { get; init; }

    internal override void Validate() => Fault.Require(Duration > TimeSpan.Zero && Duration <= TimeSpan.FromDays(1), "milliseconds must be positive, at most a day.");

    internal override bool AppliesTo(FaultSubject subject) => subject.HasCallback;

    internal override void AddTo(RequestPlan plan, double place) => plan.Callback = plan.Callback with { Delay = plan.Callback.Delay + Duration };
}

/// <summary>The callback is signed with a key that is not the one it names. Requests without a callback are no match.</summary>
public sealed record ForgeCallbackEffect() : FaultEffect(Name)
{
    internal const string Name = "forgeCallback";

    internal override bool AppliesTo(FaultSubject subject) => subject.HasCallback;

    internal override void AddTo(RequestPlan plan, double place) => plan.Callback = plan.Callback with { IsWronglySigned = true };
}

/// <summary>The callback's body is changed after it was signed. Requests without a callback are no match.</summary>
public sealed record AlterCallbackEffect() : FaultEffect(Name)
{
    internal const string Name = "alterCallback";

    internal override bool AppliesTo(FaultSubject subject) => subject.HasCallback;

    internal override void AddTo(RequestPlan plan, double place) => plan.Callback = plan.Callback with { IsAltered = true };
}
