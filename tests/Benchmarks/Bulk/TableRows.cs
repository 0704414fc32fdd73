using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Benchmarks.Bulk;

/// <summary>What came of a change of a row: the status that Azure Storage gives, its code where it is an error, and the row's new ETag.</summary>
internal readonly record struct RowChange(int Status, string? Code, string? ETag);

/// <summary>Rows of tables, in memory and in the order of their keys, so that no search depends on how many there are.</summary>
internal sealed class TableRows
{
    private readonly ConcurrentDictionary<(string Table, string Partition), Partition> _partitions = new();
    private long _changes;

    /// <summary>A row with its ETag; null: there is none.</summary>
    public JsonObject? Find(string table, string partition, string row)
    {
        var found = Of(table, partition);
        lock (found)
        {
            return found.Rows.GetValueOrDefault(row) is { } known ? known.ToJson() : null;
        }
    }

    /// <summary>Rows from one key up to, and with, another, so many at most, and the key that the next page begins with.</summary>
    public (List<JsonObject> Rows, string? Next) List(string table, string partition, string from, string to, Func<string, bool> isWanted, int count)
    {
        var found = Of(table, partition);
        lock (found)
        {
            var rows = string.CompareOrdinal(from, to) > 0 ? [] : found.Keys.GetViewBetween(from, to).Where(isWanted).Take(count + 1).ToList();
            return ([.. rows.Take(count).Select(row => found.Rows[row].ToJson())], rows.Count > count ? rows[count] : null);
        }
    }

    /// <summary>Carries changes of one partition out, all or none.</summary>
    /// <returns>What came of each; or of the one that failed, with its place.</returns>
    public (List<RowChange> Done, int Failed) Change(string table, string partition, IReadOnlyList<(string Method, string Row, string? IfMatch, JsonObject? Content)> changes)
    {
        var found = Of(table, partition);
        lock (found)
        {
            var refused = changes.Select((change, at) => (Refusal: Refuse(found, change.Method, change.Row, change.IfMatch), At: at)).FirstOrDefault(one => one.Refusal is not null);
            return refused.Refusal is { } refusal ? ([refusal], refused.At) : ([.. changes.Select(change => Apply(found, change.Method, change.Row, change.Content))], -1);
        }
    }

    private static RowChange? Refuse(Partition found, string method, string row, string? ifMatch)
    {
        var known = found.Rows.GetValueOrDefault(row);
        return method == "POST" ? (known is null ? null : new RowChange(409, "EntityAlreadyExists", null))
            : ifMatch is null ? null
            : known is null ? new RowChange(404, "ResourceNotFound", null)
            : ifMatch == "*" || ifMatch == known.ETag ? null
            : new RowChange(412, "UpdateConditionNotSatisfied", null);
    }

    private RowChange Apply(Partition found, string method, string row, JsonObject? content)
    {
        if (method == "DELETE")
        {
            found.Keys.Remove(row);
            found.Rows.Remove(row);
            return new RowChange(204, null, null);
        }

        var etag = $"W/\"{Interlocked.Increment(ref _changes)}\"";
        found.Keys.Add(row);
        found.Rows[row] = new Row(etag, content!.ToJsonString());
        return new RowChange(204, null, etag);
    }

    private Partition Of(string table, string partition) => _partitions.GetOrAdd((table, partition), _ => new Partition());

    private sealed class Partition
    {
        public SortedSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Row> Rows { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Row(string ETag, string Content)
    {
        public JsonObject ToJson()
        {
            var json = JsonNode.Parse(Content)!.AsObject();
            json["odata.etag"] = ETag;
            json["Timestamp"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
            return json;
        }
    }
}
