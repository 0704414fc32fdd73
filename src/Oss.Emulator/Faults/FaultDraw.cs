namespace Oss.Emulator.Faults;

/// <summary>Random numbers that depend on nothing but what they are drawn for: no state, so no order of threads can change them.</summary>
internal static class FaultDraw
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Whether a match is a hit: 0 to below 1.</summary>
    public static double Hit(long seed, long fault, long match) => Fraction(seed, fault, match, 1);

    /// <summary>Where in a body a match is hit: 0 to below 1.</summary>
    public static double Place(long seed, long fault, long match) => Fraction(seed, fault, match, 2);

    private static double Fraction(long seed, long fault, long match, ulong purpose)
    {
        var mixed = Mix((ulong)seed);
        mixed = Mix(mixed ^ (ulong)fault);
        mixed = Mix(mixed ^ (ulong)match);
        // The upper 53 bits are what a double can hold.
        return (Mix(mixed ^ purpose) >> 11) * (1.0 / (1UL << 53));
    }

    // The finishing function of SplitMix64 (Steele, Lea, Flood 2014): each bit of the input changes about half of the output's.
    private static ulong Mix(ulong value)
    {
        value += Step;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
