using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>An event as a consumer sees it, once however often it came.</summary>
internal sealed record ToldUpload(string EventId, string UploadId, string Key, string ETag, long Size, string Crc64, bool IsFound)
{
    public static ToldUpload From(JsonElement happened)
    {
        var data = happened.GetProperty("data");
        return new ToldUpload(
            happened.GetProperty("id").GetString()!, data.GetProperty("uploadId").GetString()!, data.GetProperty("key").GetString()!, data.GetProperty("etag").GetString()!,
            data.GetProperty("size").GetInt64(), data.GetProperty("crc64").GetString()!, data.TryGetProperty("foundWithoutCallback", out var found) && found.GetBoolean());
    }
}

/// <summary>Compares what OSS holds with what was told of it and with what is recorded, when all has come to rest.</summary>
internal sealed class Findings(ChaosApp app, ChaosRun run, IReadOnlyList<PlannedUpload> plan)
{
    private static readonly string[] UploadOperations = ["PutObject", "PostObject", "CompleteMultipartUpload"];

    /// <summary>Writes the counts, and says what is wrong.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync(ITestOutputHelper output)
    {
        var messages = app.AllEvents.Select(ToldUpload.From).ToArray();
        var told = messages.Distinct().ToArray();
        var rows = new Dictionary<string, TableEntity>();
        await foreach (var row in app.Table("uploads").QueryAsync<TableEntity>(row => row.RowKey == "upload"))
        {
            rows.Add(row.PartitionKey, row);
        }

        var heads = new Dictionary<string, ObjectHead>();
        foreach (var key in plan.Select(planned => planned.Key))
        {
            if (await app.Oss.HeadObjectAsync(Stack.Bucket, key) is { } head)
            {
                heads.Add(key, head);
            }
        }

        var stored = app.Stack.Oss.Requests.Where(request => UploadOperations.Contains(request.Operation) && request.Status is 200 or 203).ToArray();
        Write(output, messages, told, rows, heads.Count, stored.Length);
        return
        [
            .. Objects(told, heads), .. Events(told, heads, stored.Select(request => request.Key!).ToHashSet()), .. Rows(told, rows, heads), .. await QueuesAsync(),
            .. Missing(told, stored.Length),
        ];
    }

    // What did not happen was not survived.
    private IEnumerable<string> Missing(ToldUpload[] told, int stored)
    {
        if (stored < 1000)
        {
            yield return $"Only {stored} uploads were stored.";
        }

        if (run.Kills == 0 || Logged(" is Healed") == 0)
        {
            yield return $"{run.Kills} instances were killed, and the ledger healed {Logged(" is Healed")} uploads.";
        }

        if (!told.Any(happened => happened.IsFound))
        {
            yield return "No upload was found without a callback.";
        }

        foreach (var fault in run.Faults.Where(named => named.Sum(fault => fault.Hits) == 0))
        {
            yield return $"Nothing met the fault '{fault.Key}'.";
        }
    }

    private int Logged(string words) => Directory.EnumerateFiles(app.Stack.Folder, "app.log", SearchOption.AllDirectories).Sum(file => File.ReadAllText(file).Split(words).Length - 1);

    private static IEnumerable<string> Objects(ToldUpload[] told, Dictionary<string, ObjectHead> heads)
    {
        var byKey = told.ToLookup(happened => happened.Key);
        foreach (var (key, head) in heads)
        {
            var about = byKey[key].Where(happened => happened.ETag == head.ETag.Trim('"')).ToArray();
            if (about.Length != 1)
            {
                yield return $"{key}: the object has {about.Length} events: {string.Join(", ", about.Select(happened => happened.ToString()))}";
            }
            else if (about[0].Size != head.Size || about[0].Crc64 != Crc64.ToText(head.Crc64!.Value))
            {
                yield return $"{key}: the event says {about[0]}, OSS {head}";
            }
        }
    }

    // What was replaced may have been told of or not, but not twice either, and nothing that was never stored.
    private IEnumerable<string> Events(ToldUpload[] told, Dictionary<string, ObjectHead> heads, HashSet<string> storedKeys)
    {
        var lent = run.Lent.ToLookup(credential => credential.Id, credential => credential.Crc64);
        var contents = run.Lent.ToLookup(credential => credential.Key, credential => credential.Crc64);
        foreach (var happened in told)
        {
            if (happened.EventId != $"{happened.UploadId}.verified" || !heads.ContainsKey(happened.Key) || !storedKeys.Contains(happened.Key)
                || !contents[happened.Key].Contains(happened.Crc64) || (!happened.IsFound && !lent[happened.UploadId].Contains(happened.Crc64)))
            {
                yield return $"An event of what was not uploaded: {happened}";
            }
        }

        foreach (var several in told.GroupBy(happened => (happened.Key, happened.ETag)).Where(group => group.Count() > 1))
        {
            yield return $"{several.Key.Key}: one object, several events: {string.Join(", ", several.Select(happened => happened.ToString()))}";
        }

        foreach (var several in told.GroupBy(happened => happened.EventId).Where(group => group.Count() > 1))
        {
            yield return $"{several.Key}: one id for several: {string.Join(", ", several.Select(happened => happened.ToString()))}";
        }
    }

    private IEnumerable<string> Rows(ToldUpload[] told, Dictionary<string, TableEntity> rows, Dictionary<string, ObjectHead> heads)
    {
        foreach (var credential in run.Lent.Where(credential => !rows.ContainsKey(credential.Id)))
        {
            yield return $"{credential.Key}: nothing is recorded of credential {credential.Id}.";
        }

        var toldIds = told.Select(happened => happened.UploadId).ToHashSet();
        foreach (var (id, row) in rows)
        {
            var isVerified = row.GetString("State") == "Verified";
            if (isVerified != toldIds.Contains(id) || (isVerified ? row.GetBoolean("EventSent") != true || !heads.ContainsKey(row.GetString("Key")) : row.GetString("State") != "Expired"))
            {
                yield return $"{row.GetString("Key")}: credential {id} is {row.GetString("State")}, event sent: {row.GetBoolean("EventSent")}, told: {toldIds.Contains(id)}.";
            }
        }
    }

    private async Task<IReadOnlyList<string>> QueuesAsync()
    {
        var wrong = new List<string>();
        foreach (var queue in new[] { "upload-ledger", "upload-ledger-poison", "upload-events" })
        {
            if (await run.DepthAsync(queue) is > 0 and var depth)
            {
                wrong.Add($"{depth} messages are left on {queue}.");
            }
        }

        var letters = app.Table("deadletters");
        await letters.CreateIfNotExistsAsync();
        await foreach (var dead in letters.QueryAsync<TableEntity>(row => row.PartitionKey == "upload-ledger"))
        {
            wrong.Add($"An entry of the ledger has failed for good ({dead.GetString("Code")}): {dead.RowKey}.");
        }

        return wrong;
    }

    private void Write(ITestOutputHelper output, ToldUpload[] messages, ToldUpload[] told, Dictionary<string, TableEntity> rows, int objects, int stored)
    {
        var callbacks = app.Stack.Oss.Callbacks;
        var expired = rows.Values.Count(row => row.GetString("State") == "Expired");
        string[] lines =
        [
            $"Keys planned {plan.Count}: {string.Join(", ", plan.CountBy(planned => planned.Shape).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}",
            $"Instances killed {run.Kills}; uploaded after {run.Took.Uploaded.TotalSeconds:0} s, settled after {run.Took.Settled.TotalSeconds:0} s",
            $"Credentials lent {run.Lent.Count}, asked for again {run.Client.LendRetries}; in the table {rows.Count}, of which expired {expired}",
            $"Uploads stored {stored}, tried again {run.Client.UploadRetries}, given up {run.Client.NotUploaded}; objects at the end {objects}",
            $"Callbacks {callbacks.Count}: taken {callbacks.Count(call => call.Status == 200)}, of which pending {callbacks.Count(call => call.ReplyBody?.Contains("\"pending\"", StringComparison.Ordinal) == true)}, " +
            $"refused {callbacks.Count(call => call.Status == 403)}, 503 {callbacks.Count(call => call.Status == 503)}, cut off or not answered {callbacks.Count(call => call.Status is null)}",
            $"Faults: {string.Join(", ", run.Faults.Select(named => $"{named.Key} {named.GroupBy(fault => fault.Fault.Effect.Kind).Max(kind => kind.Sum(fault => fault.Hits))}"))}",
            $"Events: ids {told.Select(happened => happened.EventId).Distinct().Count()}, messages {messages.Length}, of which repeats {messages.Length - told.Length}; found without callback {told.Count(happened => happened.IsFound)}",
            $"Ledger, as far as the logs of killed instances tell: healed {Logged(" is Healed")}, found {Logged(" is Found")}, verified late {Logged(" is Verified")}, put off {Logged("which is put off")}",
        ];
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }
}
