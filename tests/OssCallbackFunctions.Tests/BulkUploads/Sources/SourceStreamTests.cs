using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class SourceStreamTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Gives_up_a_server_that_drips()
    {
        using var dripping = new SourceStream(new SlowStream(1, () => _clock.Advance(TimeSpan.FromSeconds(7))), 1_000_000, isFramed: true, _clock);
        var reads = 0;
        await Assert.ThrowsAsync<SourceTooSlowException>(async () =>
        {
            for (; await dripping.ReadAsync(new byte[1000]) == 1; reads++)
            {
            }
        });
        Assert.Equal(8, reads);
    }

    [Fact]
    public async Task Stays_with_a_server_that_is_slow_but_not_that_slow()
    {
        using var slow = new SourceStream(new SlowStream(20_000, () => _clock.Advance(TimeSpan.FromSeconds(14))), 2_000_000, isFramed: true, _clock);
        await slow.ReadExactlyAsync(new byte[2_000_000]);
        Assert.True(_clock.GetElapsedTime(0) > TimeSpan.FromMinutes(20));
    }

    [Fact]
    public async Task Does_not_lay_the_reader_s_own_pauses_to_the_server()
    {
        using var stream = new SourceStream(new SlowStream(10, () => { }), 200, isFramed: true, _clock);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(10, await stream.ReadAsync(new byte[10]));
            _clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task Is_ended_by_its_reader_as_such()
    {
        using var cancel = new CancellationTokenSource();
        using var stream = new SourceStream(new SlowStream(0, cancel.Cancel), 10, isFramed: true, _clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync(new byte[10], cancel.Token).AsTask());
    }

    /// <summary>Gives so many bytes at each read, after something has happened; none: never.</summary>
    private sealed class SlowStream(int bytes, Action before) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            before();
            if (bytes == 0)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Math.Min(bytes, buffer.Length);
        }
    }
}
