using System.Threading.Channels;

namespace LocalWorker.Tests;

/// <summary>How functions tell a test what they saw, and how a test holds them until it has looked.</summary>
public sealed class Seen
{
    private readonly Channel<object?> _values = Channel.CreateUnbounded<object?>();
    private readonly Channel<bool> _gate = Channel.CreateUnbounded<bool>();

    /// <summary>Generous: nothing here is about speed.</summary>
    private static TimeSpan Patience => TimeSpan.FromSeconds(60);

    public void Add(object? value) => _values.Writer.TryWrite(value);

    public async Task<object?> NextAsync() => await _values.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    public async Task<object?[]> NextAsync(int count)
    {
        var values = new object?[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = await NextAsync();
        }

        return values;
    }

    public bool IsEmpty => !_values.Reader.TryPeek(out _);

    public async Task PassAsync() => await _gate.Reader.ReadAsync();

    public void LetPass() => _gate.Writer.TryWrite(true);
}
