using Benchmarks.Emulator;

namespace Benchmarks.Bulk;

/// <summary>Measures bulk uploads: one large file, many small ones, several workers, and what a job of any size takes of the storage account.</summary>
internal static class BulkCommand
{
    public const string Name = "bulk";

    private const int DefaultRounds = 3;
    private const string Help = """
        Bulk uploads by the app, beside what they cannot do without: the same bytes sent by a bare HttpClient to the same emulator.

          --part file|small|scale|vast|many|workers
                                            what to measure; may be repeated (default: all)
          --rounds N                        how often each figure of the parts file and small is taken, in turn (default: 3)
          --size MIB                        the large file (default: 1024)
          --objects N                       small objects (default: 10000)
          --lines N                         lines of the manifest of the parts scale and many (default: 20000)
          --folder DIR                      for state meanwhile (default: the folder for temporary files)
          --help                            this text
        """;

    public static Task<int> RunAsync(string[] arguments) => MeasurementCommand.RunAsync(Name, Help, arguments, DefaultRounds, RunAsync);

    private static async Task RunAsync(MeasurementOptions options, string folder)
    {
        foreach (var (part, run) in new Dictionary<string, Func<Task>>
        {
            ["file"] = () => FileMeasurement.RunAsync(options, Path.Combine(folder, "file")),
            ["small"] = () => SmallObjectsMeasurement.RunAsync(options, Path.Combine(folder, "small")),
            ["workers"] = () => WorkersMeasurement.RunAsync(Path.Combine(folder, "workers")),
            ["scale"] = () => ScaleMeasurement.RunAsync(options, Path.Combine(folder, "scale")),
            ["many"] = () => ManyMeasurement.RunAsync(options, Path.Combine(folder, "many")),
            ["vast"] = () => VastMeasurement.RunAsync(Path.Combine(folder, "vast")),
        })
        {
            if (options.Measures(part))
            {
                await run();
            }
        }
    }
}
