namespace Oss.Emulator.Storage;

/// <summary>Who has a segment together with others: an object that grew shares its bytes with what it was before, and a copy shares them with its source. The last to let go deletes them.</summary>
internal sealed class SegmentOwners(SegmentFolder folder)
{
    // Owners beyond the first: most segments have one, and no entry.
    private readonly Dictionary<string, int> _further = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();

    /// <summary>Adds an owner to each segment. The caller has a hold on an object that they belong to, so that they are there, and stay.</summary>
    public void Share(IEnumerable<Segment> segments)
    {
        lock (_turn)
        {
            foreach (var segment in segments)
            {
                _further[segment.Name] = _further.GetValueOrDefault(segment.Name) + 1;
            }
        }
    }

    /// <summary>Takes an owner from each segment, and deletes those that have none left.</summary>
    public void Release(IEnumerable<Segment> segments) => folder.Delete(Unowned(segments));

    private List<Segment> Unowned(IEnumerable<Segment> segments)
    {
        lock (_turn)
        {
            return [.. segments.Where(segment => !HadFurther(segment.Name))];
        }
    }

    private bool HadFurther(string name)
    {
        if (!_further.Remove(name, out var further))
        {
            return false;
        }

        if (further > 1)
        {
            _further[name] = further - 1;
        }

        return true;
    }
}
