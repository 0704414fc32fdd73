namespace Oss.Emulator.Faults;

/// <summary>A place in a body: given, or drawn.</summary>
/// <param name="Given">Bytes before it; null: drawn.</param>
/// <param name="Drawn">0 to below 1, of the body's length.</param>
internal readonly record struct BodyPlace(long? Given, double Drawn)
{
    private const long UnknownLength = 64 * 1024;

    /// <summary>Bytes before the place in a body of a length, null when nobody knows it; never beyond its end.</summary>
    public long In(long? length) => Given is { } given ? Math.Min(given, length ?? long.MaxValue) : (long)(Drawn * (length ?? UnknownLength));
}
