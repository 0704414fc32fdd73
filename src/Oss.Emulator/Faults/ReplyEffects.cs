namespace Oss.Emulator.Faults;

/// <summary>The operation takes effect, its callback included; then the connection is reset without a byte of reply.</summary>
public sealed record LoseReplyEffect() : FaultEffect(Name)
{
    internal const string Name = "loseReply";

    internal override void AddTo(RequestPlan plan, double place) => plan.LosesReply = true;
}

/// <summary>The operation takes effect; then the connection breaks in the middle of the reply, which is never complete: of a reply without a body part of the head is sent.</summary>
public sealed record ResetReplyEffect() : FaultEffect(Name)
{
    internal const string Name = "resetReply";

    /// <summary>So many bytes of the body are sent, at most all but one. Null: a random place, in a body of unknown length within its first 64 KB.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>Whether it breaks before the head of the reply has been sent.</summary>
    public bool InHeaders { get; init; }

    /// <summary>
    /// Whether the connection ends as streams do, where more was promised, rather than with a reset. A reset overtakes bytes under way, so that fewer may arrive than were sent. (Over https
    /// it is always a reset.)
    /// </summary>
    public bool IsClosed { get; init; }

    internal override void Validate()
    {
        Fault.Require(AfterBytes is null or >= 0, "afterBytes must not be negative.");
        Fault.Require(AfterBytes is null || !InHeaders, "afterBytes and inHeaders exclude each other.");
    }

    internal override void AddTo(RequestPlan plan, double place)
    {
        plan.CutsHead |= InHeaders;
        plan.ClosesReply |= IsClosed;
        plan.ReplyCuts.Add(new BodyPlace(AfterBytes, place));
    }
}

/// <summary>The body of the reply is sent slowly. Of several rates the lowest counts.</summary>
public sealed record SlowReplyEffect() : FaultEffect(Name)
{
    internal const string Name = "slowReply";

    /// <summary>Bytes per second, by the wall clock, at least 1.</summary>
    public required long BytesPerSecond { get; init; }

    internal override void Validate() => Fault.Require(BytesPerSecond >= 1, "bytesPerSecond must be at least 1.");

    internal override void AddTo(RequestPlan plan, double place) => plan.ReplyRate = Pace.Lower(plan.ReplyRate, BytesPerSecond);
}

/// <summary>A byte of the reply's body is another than it should be: only a checksum tells.</summary>
public sealed record CorruptReplyEffect() : FaultEffect(Name)
{
    internal const string Name = "corruptReply";

    /// <summary>Which byte, from 0; of a shorter body the last. Null: a random one.</summary>
    public long? AtByte { get; init; }

    internal override void Validate() => Fault.Require(AtByte is null or >= 0, "atByte must not be negative.");

    internal override void AddTo(RequestPlan plan, double place) => plan.Flips.Add(new BodyPlace(AtByte, place));
}

/// <summary>The reply ends properly, with a Content-Length to match, but its body is shorter than it should be: only a checksum tells.</summary>
public sealed record TruncateReplyEffect() : FaultEffect(Name)
{
    internal const string Name = "truncateReply";

    /// <summary>So many bytes of the body are left, at most all but one. Null: a random number.</summary>
    public long? AfterBytes { get; init; }

    internal override void Validate() => Fault.Require(AfterBytes is null or >= 0, "afterBytes must not be negative.");

    internal override void AddTo(RequestPlan plan, double place) => plan.Truncations.Add(new BodyPlace(AfterBytes, place));
}
