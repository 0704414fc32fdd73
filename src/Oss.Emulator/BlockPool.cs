using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Oss.Emulator;

/// <summary>
/// The memory that connections receive into and send from, in larger blocks than Kestrel's 4 KiB: each read from a socket fills one, and system calls are
/// what a large body costs most.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 64 * 1024;

    // 32 MiB; what is beyond that after a rush goes back to the garbage collector.
    private const int MaxFree = 512;

    // The last one that came back goes out first: a processor's cache may still have it.
    private readonly Stack<Block> _free = new();
    private readonly Lock _turn = new();

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        lock (_turn)
        {
            if (_free.TryPop(out var block))
            {
                return block;
            }
        }

        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        lock (_turn)
        {
            _free.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (_turn)
        {
            if (_free.Count < MaxFree)
            {
                _free.Push(block);
            }
        }
    }

    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
