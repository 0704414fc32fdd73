namespace Benchmarks.Emulator;

/// <summary>Measures the emulator beside a bare Kestrel endpoint, and prints the tables of the README.</summary>
internal static class EmulatorCommand
{
    public const string Name = "emulator";

    private const string Help = """
        The emulator's speed and memory, beside those of a Kestrel endpoint that does nothing but write the body to a file, or send a file.

          --part transfers|small|memory   what to measure; may be repeated (default: all)
          --connections N[,N...]          of the transfers (default: 1,4,8)
          --rounds N                      how often each figure is taken, the servers in turn (default: 9)
          --megabytes N                   size of a transferred body (default: 100)
          --gigabytes N                   the largest body whose memory is measured (default: 1; 10 needs 10 GB of disk)
          --folder DIR                    where bodies are stored meanwhile (default: the folder for temporary files)
          --help                          this text
        """;

    public static Task<int> RunAsync(string[] arguments) => MeasurementCommand.RunAsync(Name, Help, arguments, MeasurementOptions.DefaultRounds, RunAsync);

    private static async Task RunAsync(MeasurementOptions options, string folder)
    {
        // First: the others delete files.
        if (options.Measures("small"))
        {
            await new SmallPutMeasurement(options, folder).RunAsync();
        }

        if (options.Measures("transfers"))
        {
            await new TransferMeasurement(options, folder).RunAsync();
        }

        if (options.Measures("memory"))
        {
            await new MemoryMeasurement(options, folder).RunAsync();
        }
    }
}
