using System.Diagnostics;
using System.Globalization;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>Counts the requests to a storage account that come of what a test does from now on, and not those of the tests beside it.</summary>
internal sealed class StorageCalls : IDisposable
{
    private static readonly AsyncLocal<StorageCalls?> Current = new();

    private readonly HashSet<int> _ports;
    private readonly ActivityListener _listener;
    private int _count;

    public StorageCalls(string connectionString)
    {
        _ports = [.. connectionString.Split(';').Where(setting => setting.Contains("Endpoint=", StringComparison.Ordinal)).Select(setting => new Uri(setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]).Port)];
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Current.Value == this ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = sent =>
            {
                if (Current.Value == this && _ports.Contains(Convert.ToInt32(sent.GetTagItem("server.port"), CultureInfo.InvariantCulture)))
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        Current.Value = this;
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
