using Benchmarks.Emulator;

namespace Benchmarks.App;

/// <summary>Measures the functions app: its credential endpoints beside a bare Kestrel endpoint, its callback handler beside the storage calls that it cannot do without.</summary>
internal static class AppCommand
{
    public const string Name = "app";

    private const string Help = """
        The functions app beside what it cannot do without: a Kestrel endpoint that answers as many bytes, and the calls to OSS and the storage account that a callback takes.

          --part credentials|callback   what to measure; may be repeated (default: both)
          --rounds N                    how often each figure is taken, in turn (default: 9)
          --folder DIR                  for state meanwhile (default: the folder for temporary files)
          --help                        this text
        """;

    public static Task<int> RunAsync(string[] arguments) => MeasurementCommand.RunAsync(Name, Help, arguments, MeasurementOptions.DefaultRounds, RunAsync);

    private static async Task RunAsync(MeasurementOptions options, string folder)
    {
        if (options.Measures("credentials"))
        {
            await new CredentialMeasurement(options, folder).RunAsync();
        }

        if (options.Measures("callback"))
        {
            using var measurement = new CallbackMeasurement(options, folder);
            await measurement.RunAsync();
        }
    }
}
