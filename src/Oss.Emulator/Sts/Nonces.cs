namespace Oss.Emulator.Sts;

/// <summary>The nonces that were used of late. Only requests whose signature is right are remembered, so strangers cannot fill it.</summary>
internal sealed class Nonces
{
    // A request may be dated a quarter of an hour ahead, and is good for a quarter of an hour from then.
    private static readonly TimeSpan Remembered = StsAuthentication.Tolerance * 2;

    private readonly HashSet<(string Key, string Nonce)> _used = [];
    private readonly Queue<((string Key, string Nonce) Used, DateTimeOffset Until)> _order = new();
    private readonly Lock _change = new();

    /// <summary>Whether the key has not used the nonce yet; from now on it has.</summary>
    public bool TryUse(string accessKeyId, string nonce, DateTimeOffset now)
    {
        lock (_change)
        {
            while (_order.TryPeek(out var oldest) && oldest.Until <= now)
            {
                _used.Remove(_order.Dequeue().Used);
            }

            if (!_used.Add((accessKeyId, nonce)))
            {
                return false;
            }

            _order.Enqueue(((accessKeyId, nonce), now + Remembered));
            return true;
        }
    }
}
