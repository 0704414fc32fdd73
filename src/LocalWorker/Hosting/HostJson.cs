using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LocalWorker.Hosting;

/// <summary>host.json, with the host's own defaults; <c>AzureFunctionsJobHost__*</c> settings lie on top of it, as in Azure.</summary>
internal sealed class HostJson(IConfiguration json, IHostEnvironment environment)
{
    /// <summary>How long a function may run before its token is cancelled. "-1" is no limit.</summary>
    public TimeSpan FunctionTimeout => json["functionTimeout"] == "-1"
        ? Timeout.InfiniteTimeSpan
        : Read("functionTimeout", TimeSpan.FromMinutes(30), value => value > TimeSpan.Zero);

    /// <summary>What every route begins with; may be empty.</summary>
    public string RoutePrefix => (json["extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <summary>The names of the functions to run; empty for all.</summary>
    public IReadOnlyCollection<string> Functions => json.GetSection("functions").Get<string[]>() ?? [];

    public QueueSettings Queues
    {
        get
        {
            var batchSize = Read("extensions:queues:batchSize", 16, value => value is >= 1 and <= 32);
            return new(
                batchSize,
                Read("extensions:queues:newBatchThreshold", batchSize / 2 * Environment.ProcessorCount, value => value >= 0),
                Read("extensions:queues:maxDequeueCount", 5, value => value >= 1),
                Read("extensions:queues:visibilityTimeout", TimeSpan.Zero, value => value >= TimeSpan.Zero && value <= TimeSpan.FromDays(7)),
                Read(
                    "extensions:queues:maxPollingInterval",
                    environment.IsDevelopment() ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(1),
                    value => value >= QueueSettings.MinPollingInterval),
                Read("extensions:queues:messageEncoding", MessageEncoding.Base64, Enum.IsDefined));
        }
    }

    private T Read<T>(string key, T otherwise, Predicate<T> isValid)
        where T : struct
    {
        if (json[key] is not { } text)
        {
            return otherwise;
        }

        T? value;
        try
        {
            value = json.GetValue<T>(key);
        }
        catch (InvalidOperationException)
        {
            value = null;
        }

        return value is { } read && isValid(read) ? read : throw new InvalidOperationException($"host.json: '{text}' is not allowed for {key.Replace(':', '.')}.");
    }
}
