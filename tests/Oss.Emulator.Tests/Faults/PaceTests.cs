using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Faults;

namespace Oss.Emulator.Tests.Faults;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _clock = new();

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    [Fact]
    public async Task A_body_goes_on_only_as_time_does()
    {
        var body = new IncomingBody(new MemoryStream(new byte[2000]), new Pace(10_000, _clock), null);
        var buffer = new byte[2000];

        for (var piece = 0; piece < 4; piece++)
        {
            var reading = body.ReadAsync(buffer).AsTask();
            _clock.Advance(Milliseconds(49));
            Assert.False(reading.IsCompleted);
            _clock.Advance(Milliseconds(1));
            Assert.Equal(500, await reading);
        }
    }

    [Fact]
    public async Task Idle_time_saves_up_no_more_than_a_twentieth_of_a_second()
    {
        var pace = new Pace(10_000, _clock);
        _clock.Advance(TimeSpan.FromHours(1));

        var burst = pace.PassAsync(500, default).AsTask();
        var next = pace.PassAsync(10, default).AsTask();

        Assert.True(burst.IsCompleted);
        Assert.False(next.IsCompleted);
        _clock.Advance(Milliseconds(1));
        await next;
        Assert.Equal(Milliseconds(1), pace.Waited);
    }

    [Fact]
    public async Task What_is_slept_too_long_is_made_up_for()
    {
        var pace = new Pace(10_000, _clock);
        var first = pace.PassAsync(100, default).AsTask();
        _clock.Advance(Milliseconds(40));
        await first;

        Assert.True(pace.PassAsync(300, default).AsTask().IsCompleted);
        Assert.False(pace.PassAsync(10, default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Waiting_ends_with_the_request()
    {
        using var gone = new CancellationTokenSource();
        var waiting = new Pace(1, _clock).PassAsync(1, gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(1, 64_000, 1)]
    [InlineData(102_400, 64_000, 5_120)]
    [InlineData(104_857_600, 64_000, 64_000)]
    public void Pieces_are_a_twentieth_of_a_second_at_most(long rate, int wanted, int expected) => Assert.Equal(expected, new Pace(rate, _clock).Piece(wanted));
}
