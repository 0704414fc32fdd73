using System.Globalization;
using System.Security.Cryptography;
using Benchmarks.Emulator;

namespace Benchmarks.Bulk;

/// <summary>Many objects of 64 KiB by a manifest, beside bare PUTs of as many. All have the bytes of one file: its reading costs each of them the same.</summary>
internal static class SmallObjectsMeasurement
{
    private const int Size = 64 * 1024;
    private const string Name = "small.bin";

    // Each leaves a message on two queues that nobody reads here.
    private const int WithCallbacks = 200;

    // 64 objects of a job, over its 16 lanes, and as many of these as an instance has messages.
    private const int Connections = BulkStack.MessagesOfInstance * 4;

    public static async Task RunAsync(MeasurementOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var stack = await BulkStack.StartAsync(folder);
        await stack.StartAppAsync(stack.Settings());
        var path = Path.Combine(stack.SourceFolder, Name);
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(Size));
        using var bare = new BareClient(stack, Connections);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            | objects of 64 KiB | bare PUTs, {Connections} connections | job of the app | ratio | app's peak |
            |---|---|---|---|---|
            """));
        foreach (var (count, callback) in ((int, bool)[])[(options.Objects, false), (WithCallbacks, true)])
        {
            var (puts, jobs) = (new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                puts.Add(count / (await bare.PutAsync(count, _ => (Size, () => Oss.Protocol.UploadBody.FromFile(path, 0, Size).OpenAsync(default)))).TotalSeconds);
                await File.WriteAllLinesAsync(Path.Combine(stack.SourceFolder, "list.jsonl"), Manifest(count, Name));
                jobs.Add(count / (await stack.CarryAsync(new { manifest = new { file = "list.jsonl" }, destination = $"small-{round}/", callback })).TotalSeconds);
                await stack.ClearQueuesAsync();
            }

            var (put, job) = (puts.Order().ElementAt(puts.Count / 2), jobs.Order().ElementAt(jobs.Count / 2));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {count:#,0}{(callback ? ", with callbacks" : "")} | {put:#,0}/s | {job:#,0}/s | {job / put:0.00} | {stack.Apps[0].PeakWorkingSet / 1048576} MiB |"));
        }
    }

    public static IEnumerable<string> Manifest(int count, string file) =>
        Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{"file":"{{file}}","key":"{{number:D8}}"}"""));
}
