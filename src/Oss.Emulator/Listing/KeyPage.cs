using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

/// <summary>One page of a bucket's keys: objects, and the common prefixes that stand for many, in one order and under one limit.</summary>
/// <param name="Objects">The objects, in order.</param>
/// <param name="CommonPrefixes">The prefixes, in order.</param>
/// <param name="IsTruncated">Whether there is more.</param>
/// <param name="Last">Key or prefix, whatever comes last: the next page begins after it.</param>
internal sealed record KeyPage(IReadOnlyList<ObjectRecord> Objects, IReadOnlyList<string> CommonPrefixes, bool IsTruncated, string? Last)
{
    /// <summary>Collects what comes after a place. A common prefix at or before the place has been on an earlier page.</summary>
    /// <param name="objects">The bucket's objects.</param>
    /// <param name="parameters">What is asked for.</param>
    /// <param name="after">Key or common prefix; empty to begin at the beginning.</param>
    public static KeyPage Of(ObjectIndex objects, ListParameters parameters, string after)
    {
        var (prefix, delimiter) = (parameters.Prefix, parameters.Delimiter);
        var found = new List<ObjectRecord>();
        var groups = new List<string>();
        string? last = null;
        var (from, inclusive) = KeyOrder.Compare(prefix, after) > 0 ? (prefix, true) : (after, false);
        for (string? place = from; place is not null;)
        {
            if (objects.Keys.First(place, inclusive) is not { } key || !key.StartsWith(prefix, StringComparison.Ordinal))
            {
                break;
            }

            var group = CommonPrefix.Of(key, prefix, delimiter);
            (place, inclusive) = group is null ? (key, false) : (KeyOrder.After(group), true);
            var record = group is null ? objects.Find(key) : null;

            // No record: deleted meanwhile.
            if (group is null ? record is null : KeyOrder.Compare(group, after) <= 0)
            {
                continue;
            }

            if (found.Count + groups.Count == parameters.MaxKeys)
            {
                return new KeyPage(found, groups, true, last);
            }

            if (record is not null)
            {
                found.Add(record);
            }
            else
            {
                groups.Add(group!);
            }

            last = group ?? key;
        }

        return new KeyPage(found, groups, false, last);
    }

    /// <summary>The objects as listings show them.</summary>
    public static IEnumerable<ListedObject> Listed(IEnumerable<ObjectRecord> objects, OssOwner? owner) => objects.Select(record =>
        new ListedObject(record.Key, ObjectHeaders.Quoted(record.ETag), record.Size, record.LastModified)
        {
            Type = record.Type,
            StorageClass = Operations.StorageClass.Of(record),
            Owner = owner,
        });
}
