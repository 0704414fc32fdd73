using System.Globalization;

namespace Benchmarks.Bulk;

/// <summary>
/// One large file by 1, 2 and 4 instances of the app, when OSS gives each connection 10 MB/s: what limits is the number of connections, not this machine. Each instance has fewer of
/// them than by host.json, so that four do not use the machine up.
/// </summary>
internal static class WorkersMeasurement
{
    private const long Rate = 10_000_000;
    private const long Size = 3_840_000_000;
    private const int Lanes = 12;

    public static async Task RunAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await using var stack = await BulkStack.StartAsync(folder);
        using (var file = File.Create(Path.Combine(stack.SourceFolder, "large.bin")))
        {
            file.SetLength(Size);
        }

        await stack.LimitAsync(Rate);
        var settings = stack.Settings(
            ("BulkUploads__Lanes", Lanes.ToString(CultureInfo.InvariantCulture)), ("BulkUploads__PartsInParallel", "1"), ("AzureFunctionsJobHost__extensions__queues__batchSize", "1"),
            ("AzureFunctionsJobHost__extensions__queues__newBatchThreshold", "2"));
        Console.WriteLine("""

            | workers | connections of 10 MB/s | throughput | of one worker | app's peak |
            |---|---|---|---|---|
            """);
        var first = 0.0;
        foreach (var workers in (int[])[1, 2, 4])
        {
            while (stack.Apps.Count < workers)
            {
                await stack.StartAppAsync(settings);
            }

            var rate = Size / 1e6 / (await stack.CarryAsync(new { source = new { file = "large.bin" }, key = $"by-{workers}", callback = false })).TotalSeconds;
            first = first == 0 ? rate : first;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {workers} | {workers * 3} | {rate:0.0} MB/s | {rate / first:0.00} | {stack.Apps.Max(app => app.PeakWorkingSet) / 1048576} MiB |"));
        }
    }
}
