using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Limits;

/// <summary>Holds callers to their limits. For a caller without any, nothing is counted and no table is looked at; when counts cannot be written, nothing is lent.</summary>
public sealed partial class UploadLimits
{
    private readonly LimitsOptions _all;
    private readonly Dictionary<string, CallerOptions> _callers;
    private readonly UsageRecords _records;
    private readonly Func<string, CallerLimits, UsageGate> _newGate;
    private readonly LimitMetrics _metrics;
    private readonly ILogger<UploadLimits> _logger;
    private readonly ConcurrentDictionary<string, UsageGate> _gates = new(StringComparer.Ordinal);

    /// <summary>The limits in the options.</summary>
    public UploadLimits(
        IOptions<LimitsOptions> options, IOptions<Dictionary<string, CallerOptions>> callers, UsageRecords records, TimeProvider clock, NewId newId, Jitter jitter,
        LimitMetrics metrics, ILogger<UploadLimits> logger)
    {
        _all = options.Value;
        _callers = callers.Value;
        _records = records;
        _newGate = (partition, limits) => new UsageGate(partition, limits, records, clock, newId, jitter);
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Lends something, if the caller's limits have room for it. When it is not lent after all, it is not counted.</summary>
    /// <param name="caller">Name of the caller; null: one of no name.</param>
    /// <param name="use">What it uses.</param>
    /// <param name="lend">Lends it; of a multipart upload that counts, its slot is given, to be closed when it ends.</param>
    internal async Task<Outcome<T>> WithinAsync<T>(string? caller, UploadUse use, Func<string?, Task<Outcome<T>>> lend)
        where T : class
    {
        var limits = CallerLimits.Of(_all, caller is null ? null : _callers.GetValueOrDefault(caller));
        if (!limits.Count(use))
        {
            return await lend(null);
        }

        var gate = _gates.GetOrAdd(PartitionOf(caller), partition => _newGate(partition, limits));
        var counted = await gate.TakeAsync(use);
        if (counted.Value is not { } taken)
        {
            _metrics.Count(counted.Problem!.Code);
            return counted.Problem;
        }

        try
        {
            var lent = await lend(taken.Slot);
            if (lent.Problem is not null)
            {
                await GiveBackAsync(gate, caller, taken);
            }

            return lent;
        }
        catch
        {
            await GiveBackAsync(gate, caller, taken);
            throw;
        }
    }

    /// <summary>Counts a multipart upload no more. Doing it twice is doing it once; when it fails, the upload counts until it is given up.</summary>
    /// <param name="caller">Name of the caller; null: one of no name.</param>
    /// <param name="slot">Its slot; null: it does not count.</param>
    internal Task CloseAsync(string? caller, string? slot) =>
        slot is null ? Task.CompletedTask : TryAsync(() => _records.CloseAsync(PartitionOf(caller), slot, CancellationToken.None));

    /// <summary>The partition of a caller. Names may have characters that keys may not.</summary>
    internal static string PartitionOf(string? caller) => caller is null ? "anonymous" : "caller-" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(caller));

    private async Task GiveBackAsync(UsageGate gate, string? caller, UsageTaken taken)
    {
        await TryAsync(() => gate.GiveBackAsync(taken));
        await CloseAsync(caller, taken.Slot);
    }

    private async Task TryAsync(Func<Task> giveBack)
    {
        try
        {
            await giveBack();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or TimeoutException or TaskCanceledException)
        {
            LogNotGivenBack(_logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What a caller does not use any more could not be given back, and counts until its time is over")]
    private static partial void LogNotGivenBack(ILogger logger, Exception exception);
}
