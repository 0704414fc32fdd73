namespace Oss.Emulator.Faults;

/// <summary>A token bucket: bytes go on as fast as its rate fills it. It is empty at first and holds a twentieth of a second's bytes, so bursts are small. For one body.</summary>
internal sealed class Pace
{
    private const int BurstsPerSecond = 20;

    private readonly long _rate;
    private readonly TimeProvider _clock;
    private readonly long _burst;
    private long _filled;
    private double _tokens;

    /// <param name="rate">Bytes per second, at least 1.</param>
    /// <param name="clock">What waiting goes by.</param>
    public Pace(long rate, TimeProvider clock)
    {
        _rate = rate;
        _clock = clock;
        _burst = Math.Max(1, rate / BurstsPerSecond);
        _filled = clock.GetTimestamp();
    }

    /// <summary>Time that bytes have been kept waiting.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The lower of two rates.</summary>
    public static long Lower(long? rate, long other) => Math.Min(rate ?? long.MaxValue, other);

    /// <summary>How many of so many bytes are to go on together.</summary>
    public int Piece(int bytes) => (int)Math.Min(bytes, _burst);

    /// <summary>Returns when so many bytes may go on.</summary>
    public async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        var now = _clock.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (_clock.GetElapsedTime(_filled, now).TotalSeconds * _rate)) - bytes;
        _filled = now;
        if (_tokens >= 0)
        {
            return;
        }

        // Whole milliseconds are what timers have; what is slept too much, the bucket gives back.
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(-_tokens * 1000 / _rate)), _clock, cancellationToken);
        Waited += _clock.GetElapsedTime(now);
    }
}
