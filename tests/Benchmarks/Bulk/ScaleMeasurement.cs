using System.Globalization;
using Benchmarks.Emulator;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions;
using Sandbox;

namespace Benchmarks.Bulk;

/// <summary>
/// What jobs take of the storage account and of OSS, and how much memory: a manifest whose objects are a byte each, the same as a dry run, and an object of 10,000 parts, as many as
/// OSS takes; bytes would add time alone. The app runs in this process, where its requests can be counted.
/// </summary>
internal static class ScaleMeasurement
{
    private const int Parts = 10_000;
    private const int PartSize = 102_400;

    public const string Header = """

        | job | time | table | blob | messages | other queue calls | polls | OSS | table calls each | allocated each | GC heap, working set at most |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    public static async Task RunAsync(MeasurementOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var stack = await BulkStack.StartAsync(folder);
        using var host = await StartAsync(stack, _ => { });
        using (var file = File.Create(Path.Combine(stack.SourceFolder, "parts.bin")))
        {
            file.SetLength((long)Parts * PartSize);
        }

        await BeginAsync(stack, options.Lines);
        await MeasureAsync(stack, $"{options.Lines:#,0} lines, dry run", options.Lines, new { manifest = new { file = "list.jsonl" }, callback = false, dryRun = true });
        await MeasureAsync(stack, $"{options.Lines:#,0} lines", options.Lines, new { manifest = new { file = "list.jsonl" }, destination = "to/", callback = false });
        await MeasureAsync(stack, $"{Parts:#,0} parts", Parts, new { source = new { file = "parts.bin" }, key = "parts", partSize = PartSize, callback = false });
        await host.StopAsync();
    }

    /// <summary>Writes the manifest <c>list.jsonl</c>, and carries a small job, so that tables, queues and code are made.</summary>
    public static async Task BeginAsync(BulkStack stack, int lines)
    {
        await File.WriteAllBytesAsync(Path.Combine(stack.SourceFolder, "one.bin"), [1]);
        await File.WriteAllLinesAsync(Path.Combine(stack.SourceFolder, "few.jsonl"), SmallObjectsMeasurement.Manifest(480, "one.bin"));
        await File.WriteAllLinesAsync(Path.Combine(stack.SourceFolder, "list.jsonl"), SmallObjectsMeasurement.Manifest(lines, "one.bin"));
        await stack.StartAppAsync(stack.Settings(("AzureFunctionsJobHost__functions__0", "BulkUploadSubmit"), ("AzureFunctionsJobHost__functions__1", "BulkUploadStatus")));
        await stack.CarryAsync(new { manifest = new { file = "few.jsonl" }, callback = false });
        Console.WriteLine(Header);
    }

    public static async Task MeasureAsync(BulkStack stack, string name, int units, object job)
    {
        using var calls = new CallCounter(stack.StorageConnectionString, stack.Endpoint.Authority);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var done = new CancellationTokenSource();
        var watched = WatchAsync(done.Token);
        var time = await stack.CarryAsync(job);
        await done.CancelAsync();
        var (heap, workingSet) = await watched;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {time.TotalSeconds:0} s | {calls["table"]:#,0} | {calls["blob"]:#,0} | {calls["message"]:#,0} | {calls["queue"]:#,0} | {calls["poll"]:#,0} | {calls["oss"]:#,0} | {calls["table"] / (double)units:0.000} | {allocated / 1000.0 / units:0.0} kB | {heap >> 20}, {workingSet >> 20} MiB |"));
    }

    private static async Task<(long Heap, long WorkingSet)> WatchAsync(CancellationToken done)
    {
        var most = (0L, 0L);
        while (!done.IsCancellationRequested)
        {
            most = (Math.Max(most.Item1, GC.GetTotalMemory(false)), Math.Max(most.Item2, Environment.WorkingSet));
            await Task.Delay(100, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return most;
    }

    /// <summary>The app's workers, without its endpoints: those are another process's, so that asking how far a job is counts for nothing here.</summary>
    public static async Task<IHost> StartAsync(BulkStack stack, Action<IServiceCollection> change, params IEnumerable<(string Name, string Value)> settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        string[] functions = ["BulkUploadPlan", "BulkUploadWork"];
        var own = functions.Select((name, at) => ($"AzureFunctionsJobHost__functions__{at}", name)).Concat(
        [
            ("LocalWorker__Urls", $"http://127.0.0.1:{Ports.Free(1)[0]}"), ("LocalWorker__FunctionsAssembly", "OssCallbackFunctions"), ("Callbacks__PublicBaseUrl", "https://fn.example.com"), .. settings,
        ]);
        builder.Configuration.AddInMemoryCollection(stack.Settings(own).ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value));
        builder.Services.AddOssCallbackFunctions(builder.Configuration);
        change(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
