using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Bulk;

/// <summary>Counts the HTTP requests that this process sends, by what they are for.</summary>
internal sealed class CallCounter : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _services;
    private readonly ActivityListener _listener;

    public CallCounter(string storage, string oss)
    {
        var settings = storage.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        _services = new()
        {
            [new Uri(settings["BlobEndpoint"]).Port] = "blob", [new Uri(settings["QueueEndpoint"]).Port] = "queue", [new Uri(settings["TableEndpoint"]).Port] = "table",
            [new Uri($"http://{oss}").Port] = "oss",
        };
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Count,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int this[string kind] => _counts.GetValueOrDefault(kind);

    public void Dispose() => _listener.Dispose();

    private void Count(Activity sent)
    {
        if (sent.GetTagItem("server.port") is not { } port || !_services.TryGetValue(Convert.ToInt32(port, CultureInfo.InvariantCulture), out var service))
        {
            return;
        }

        var isAboutMessages = new Uri((string)sent.GetTagItem("url.full")!).AbsolutePath.EndsWith("/messages", StringComparison.Ordinal);
        var kind = service != "queue" || !isAboutMessages ? service : (string?)sent.GetTagItem("http.request.method") == "GET" ? "poll" : "message";
        _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }
}
