using System.Globalization;
using Benchmarks.Emulator;

namespace Benchmarks;

/// <summary>What the commands that measure have in common: their arguments, their help, and a folder that is there meanwhile.</summary>
internal static class MeasurementCommand
{
    private const int WrongArguments = 2;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string name, string help, string[] arguments, int rounds, Func<MeasurementOptions, string, Task> measure)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(help);
            return 0;
        }

        MeasurementOptions options;
        try
        {
            options = MeasurementOptions.Parse(arguments, rounds);
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message + "\n\n" + help);
            return WrongArguments;
        }

        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"{name}-benchmarks-{Guid.NewGuid():N}")).FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $".NET {Environment.Version}, {Environment.ProcessorCount} processors, {options.Rounds} rounds"));
            await measure(options, folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
