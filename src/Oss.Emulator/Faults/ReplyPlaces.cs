namespace Oss.Emulator.Faults;

/// <summary>Where in a reply's body something happens; bytes from its start.</summary>
/// <param name="End">Bytes from here on are left out.</param>
/// <param name="Cut">The connection breaks before this byte; null: it does not.</param>
/// <param name="Flips">Bytes that are wrong.</param>
/// <param name="IsBroken">Whether the connection is broken already.</param>
internal sealed record ReplyPlaces(long End, long? Cut, IReadOnlySet<long> Flips, bool IsBroken)
{
    public static readonly ReplyPlaces None = new(long.MaxValue, null, new HashSet<long>(), IsBroken: false);

    public static readonly ReplyPlaces Broken = new(long.MaxValue, null, new HashSet<long>(), IsBroken: true);

    /// <summary>Settles the places in a body.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="length">The body's length, when it is known.</param>
    public static ReplyPlaces Of(RequestPlan plan, long? length)
    {
        var last = length - 1 ?? long.MaxValue;
        long? end = length > 0 && plan.Truncations.Count > 0 ? plan.Truncations.Min(place => Math.Min(place.In(length), last)) : null;
        last = end - 1 ?? last;
        long? cut = plan.ReplyCuts.Count > 0 ? plan.ReplyCuts.Min(place => Math.Min(place.In(end ?? length), last)) : null;
        return new ReplyPlaces(end ?? long.MaxValue, cut, plan.Flips.Select(place => Math.Min(place.In(end ?? length), last)).ToHashSet(), IsBroken: false);
    }

    /// <summary>The first place behind a byte at which something else begins.</summary>
    public long Next(long from) =>
        Flips.Contains(from) ? from + 1 : Flips.Where(flip => flip > from).Append(Cut is { } cut && cut > from ? cut : long.MaxValue).Append(End).Min();
}
