namespace Oss.Emulator.Storage;

/// <summary>Segments that were copied from another bucket. Disposed of without <see cref="Keep"/>, they are gone.</summary>
internal sealed class CopiedSegments(SegmentFolder folder) : IDisposable
{
    private readonly List<Segment> _copies = [];
    private bool _kept;

    /// <summary>Copies the files one by one, as the file system does it best: no byte passes through the emulator.</summary>
    public Task<IReadOnlyList<Segment>> CopyAsync(SegmentFolder source, IReadOnlyList<Segment> segments, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<Segment>>(
        () =>
        {
            foreach (var segment in segments)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var copy = segment with { Name = SegmentFolder.NewName() };
                _copies.Add(copy);
                folder.CopyFrom(source, segment, copy);
            }

            return [.. _copies];
        },
        cancellationToken);

    /// <summary>Hands the files over to the object that refers to them now.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
        {
            folder.Delete(_copies);
        }
    }
}
