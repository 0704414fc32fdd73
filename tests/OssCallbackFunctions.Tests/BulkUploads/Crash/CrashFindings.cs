using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Tests.ExactlyOnce;
using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>Compares sources, objects, rows, events and requests, when all has come to rest.</summary>
internal sealed class CrashFindings(CrashApp app, CrashRun run, CrashPlan plan)
{
    private const int Shown = 20;
    private const int RequestsShown = 100;
    private const int ClientLeft = 499;
    private static readonly string[] PoisonQueues =
        [BulkUploadQueues.Jobs + "-poison", BulkUploadQueues.PoisonedWork, BulkUploadQueues.PoisonedUrgentWork, "upload-ledger-poison", "upload-events-poison"];

    private readonly Dictionary<string, ObjectHead> _heads = [];
    private readonly SentParts _parts = new(app.Stack.Oss.Requests);
    private ToldUpload[] _messages = [];

    /// <summary>Writes the counts, and says what is wrong.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync(ITestOutputHelper output)
    {
        foreach (var key in Keys())
        {
            if (await app.Oss.HeadObjectAsync(Stack.Bucket, key.Key) is { } head)
            {
                _heads.Add(key.Key, head);
            }
        }

        var expected = Keys().Where(key => _heads.ContainsKey(key.Key)).Select(key => key.UploadId).ToHashSet();
        await RunningApp.EventuallyAsync(() => Task.FromResult(expected.IsSubsetOf(Told().Select(told => told.UploadId)) ? this : null));
        _messages = Told();
        var open = await app.Oss.ListMultipartUploadsAsync(Stack.Bucket).ToListAsync();
        Write(output);
        string[] wrong = [.. Jobs(), .. await ObjectsAsync(), .. Events(), .. open.Select(left => $"{left.Key}: a multipart upload is left open."), .. Parts(), .. await QueuesAsync()];
        foreach (var line in run.Many.Objects.Concat(run.Large.Objects).Where(one => one.State != UploadObjectState.Succeeded).SelectMany(History))
        {
            output.WriteLine(line);
        }

        return wrong;
    }

    /// <summary>What OSS was asked for an object that did not succeed, but for parts that it took, and what the instances wrote of its job.</summary>
    private IEnumerable<string> History(UploadObject one) =>
    [
        one.ToString(),
        .. app.Stack.Oss.Requests.Where(request => request.Key == one.Key && (request.Operation != "UploadPart" || request.Status is not (200 or ClientLeft))).TakeLast(RequestsShown).Select(request =>
            $"{request.Time:HH:mm:ss.fff} {request.Operation} {request.UploadId} {request.PartNumber} {request.Status} {request.ErrorCode} {string.Join(' ', request.Faults)}"),
        .. Log().Split('\n').Where(line => line.Contains(one.JobId, StringComparison.Ordinal)).TakeLast(RequestsShown),
    ];

    private IEnumerable<(string UploadId, string Key)> Keys() => [.. plan.Objects.Select((one, number) => ($"{plan.ManyId}-{number}", one.Key)), (plan.LargeId, plan.LargeKey)];

    private ToldUpload[] Told() => [.. app.AllEvents.Select(ToldUpload.From)];

    private IEnumerable<string> Jobs()
    {
        foreach (var (job, objects) in new[] { run.Many, run.Large })
        {
            var count = job.Id == plan.LargeId ? 1 : plan.Objects.Count;
            var bytes = job.Id == plan.LargeId ? plan.LargeSize : plan.Objects.Sum(one => one.Content.LongLength);
            if (job.State != BulkUploadState.Succeeded || (job.Counts.Objects, job.Counts.Succeeded, job.Counts.Ended, job.Counts.BytesDone, job.Counts.Bytes) != (count, count, count, bytes, bytes))
            {
                yield return $"Job {job.Id} is {job.State}: {job.Error} {job.Counts}; it should have {count} objects and {bytes} bytes.";
            }

            foreach (var one in objects.Where(one => one.State != UploadObjectState.Succeeded || !one.IsCounted))
            {
                yield return $"{one.Key} is {one.State} after {one.Attempts} attempts: {one.Error}";
            }
        }
    }

    private async Task<List<string>> ObjectsAsync()
    {
        var wrong = new List<string>();
        foreach (var (key, content) in plan.Objects)
        {
            if (!_heads.ContainsKey(key))
            {
                wrong.Add($"{key}: there is no such object.");
                continue;
            }

            using var download = await app.GetObjectAsync(key);
            var stored = await download.Content.ReadAsByteArrayAsync();
            if (!stored.AsSpan().SequenceEqual(content))
            {
                wrong.Add($"{key}: the object is not the source.");
            }
        }

        if (_heads.GetValueOrDefault(plan.LargeKey) is not { } large || large.Size != plan.LargeSize || large.Crc64 != plan.LargeCrc64)
        {
            wrong.Add($"{plan.LargeKey}: the object is {_heads.GetValueOrDefault(plan.LargeKey)}, its source has {plan.LargeSize} bytes and CRC64 {plan.LargeCrc64}.");
        }

        return wrong;
    }

    private IEnumerable<string> Events()
    {
        var keys = Keys().ToDictionary(key => key.UploadId, key => key.Key);
        foreach (var told in _messages)
        {
            if (keys.GetValueOrDefault(told.UploadId) is not { } key || told.EventId != $"{told.UploadId}.verified" || told.Key != key || _heads.GetValueOrDefault(key) is not { } head
                || (told.ETag, told.Size, told.Crc64) != (head.ETag.Trim('"'), head.Size, Crc64.ToText(head.Crc64!.Value)))
            {
                yield return $"An event of what was not uploaded: {told}";
            }
        }

        foreach (var several in _messages.GroupBy(told => told.Key).Where(group => group.Select(told => told.EventId).Distinct().Count() > 1))
        {
            yield return $"{several.Key}: one object, several ids: {string.Join(", ", several.Select(told => told.EventId))}";
        }
    }

    /// <summary>A lane that was killed, or whose message the queue gave to another meanwhile, may send the part again that it was at.</summary>
    private IEnumerable<string> Parts()
    {
        var lanes = run.Kills * CrashApp.LanesOfInstance + LeasesLost();
        if (_parts.AfterCut + _parts.Again.Count > lanes)
        {
            yield return $"{_parts.AfterCut + _parts.Again.Count} parts were sent again after a kill, of at most {lanes} lanes: {string.Join(", ", _parts.Again.Take(Shown).Select(part => $"{part.Key} {part.PartNumber}"))}";
        }

        if (_parts.Replaced > lanes + _parts.Lost)
        {
            yield return $"{_parts.Replaced} parts were stored again; at most {lanes} lanes died, and {_parts.Lost} replies were lost.";
        }
    }

    private async Task<List<string>> QueuesAsync()
    {
        var wrong = new List<string>();
        foreach (var queue in PoisonQueues)
        {
            if (await run.DepthAsync(queue) is > 0 and var depth)
            {
                wrong.Add($"{depth} messages are on {queue}.");
            }
        }

        return wrong;
    }

    // On a machine that has no time for the worker it cannot keep its messages hidden.
    private int LeasesLost() => Log().Split("could not be hidden any longer").Length - 1;

    private string Log() => string.Concat(Directory.EnumerateFiles(app.Stack.Folder, "app.log", SearchOption.AllDirectories).Select(Read));

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static string Seconds(EndedJob job) => (job.Record.EndedAt - job.Record.CreatedAt)!.Value.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);

    private void Write(ITestOutputHelper output)
    {
        var requests = app.Stack.Oss.Requests;
        int Count(string operation) => requests.Count(request => request.Operation == operation);
        var multiparts = run.Many.Objects.Concat(run.Large.Objects).Count(one => one.UploadId is not null);
        string[] lines =
        [
            $"Objects {run.Many.Objects.Count} of {plan.Objects.Sum(one => one.Content.LongLength)} bytes, one of {plan.LargeSize}; replaced by none: {plan.Seed % 2 == 0}",
            $"Instances killed {run.Kills}; the many ended after {Seconds(run.Many)} s, the large after {Seconds(run.Large)} s, kills after {run.Took.Killed.TotalSeconds:0} s, forgotten after {run.Took.Forgotten.TotalSeconds:0} s",
            $"Requests to OSS {requests.Count}, of which hit by a fault {requests.Count(request => request.Faults.Count > 0)}: {string.Join(", ", run.Faults.Select(fault => $"{fault.Fault.Effect.Kind} {fault.Hits}"))}; left by their client {requests.Count(request => request.Status == 499)}",
            $"PutObject {Count("PutObject")} for {run.Many.Objects.Count - multiparts + 1} objects; InitiateMultipartUpload {Count("InitiateMultipartUpload")} for {multiparts}, AbortMultipartUpload {Count("AbortMultipartUpload")}",
            $"Parts {_parts.Parts}, sent again after a lost reply {_parts.AfterLostReply}, a fault {_parts.AfterFault}, a kill in the middle {_parts.AfterCut}, a kill before the answer, or by two {_parts.Again.Count}, others {_parts.Others.Count}; stored again {_parts.Replaced}",
            $"Events: ids {_messages.Select(told => told.EventId).Distinct().Count()}, messages {_messages.Length}; callbacks {app.Stack.Oss.Callbacks.Count}, taken {app.Stack.Oss.Callbacks.Count(call => call.Status == 200)}",
            $"Attempts of objects {run.Many.Objects.Sum(one => one.Attempts)}, leases lost {LeasesLost()}",
        ];
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }
}
