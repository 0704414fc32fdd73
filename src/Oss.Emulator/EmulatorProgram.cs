using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Pages;

namespace Oss.Emulator;

/// <summary>The emulator as a program of its own, until Ctrl-C or SIGTERM.</summary>
internal static class EmulatorProgram
{
    private const int Refused = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }

        try
        {
            var options = CommandLine.Parse(arguments, LogToConsole);
            await using var emulator = await OssEmulator.StartAsync(options);
            Console.WriteLine($"OSS emulator at {emulator.Endpoint}, region {options.Region}, buckets {string.Join(", ", options.Buckets)}, data in {options.DataFolder}");
            Console.WriteLine($"What is in it: {emulator.Endpoint}{EmulatorPages.Root}/");
            Console.WriteLine($"Callback key at {emulator.CallbackKeyUrl}");
            if (emulator.HttpsEndpoint is { } https)
            {
                Console.WriteLine($"https at {https}; clients have to trust {Path.Combine(options.DataFolder, HttpsCertificate.FileName)}");
            }

            if (emulator.StsEndpoint is { } sts)
            {
                Console.WriteLine($"STS at {sts}");
            }

            await StopSignalAsync();
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or SocketException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Refused;
        }
    }

    private static void LogToConsole(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "))
        .AddFilter("Microsoft", LogLevel.Warning);

    private static async Task StopSignalAsync()
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
    }
}
