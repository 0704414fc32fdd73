namespace Oss.Emulator.Faults;

/// <summary>The connection is reset while the body of the request is being read: the client gets no reply, and nothing is stored. Requests without a body are no match.</summary>
public sealed record ResetRequestEffect() : FaultEffect(Name)
{
    internal const string Name = "resetRequest";

    /// <summary>
    /// So many bytes of the body are read first, of a form: of its file; when there are fewer, all of them. Null: a random place, in a body of unknown length within its first 64 KB.
    /// </summary>
    public long? AfterBytes { get; init; }

    internal override void Validate() => Fault.Require(AfterBytes is null or >= 0, "afterBytes must not be negative.");

    internal override bool AppliesTo(FaultSubject subject) => subject.HasBody;

    internal override void AddTo(RequestPlan plan, double place) => plan.RequestCuts.Add(new BodyPlace(AfterBytes, place));
}

/// <summary>The body of the request is read slowly. Of several rates the lowest counts. Requests without a body are no match.</summary>
public sealed record SlowRequestEffect() : FaultEffect(Name)
{
    internal const string Name = "slowRequest";

    /// <summary>Bytes per second, by the wall clock, at least 1. What lies in buffers on the way counts when it is read out of them.</summary>
    public required long BytesPerSecond { get; init; }

    internal override void Validate() => Fault.Require(BytesPerSecond >= 1, "bytesPerSecond must be at least 1.");

    internal override bool AppliesTo(FaultSubject subject) => subject.HasBody;

    internal override void AddTo(RequestPlan plan, double place) => plan.RequestRate = Pace.Lower(plan.RequestRate, BytesPerSecond);
}
