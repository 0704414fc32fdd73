using System.Runtime.InteropServices;
using Sandbox;
using Sandbox.Alibaba;
using Sandbox.Upload;
using Spectre.Console;

var usage = args switch { ["upload", ..] => UploadOptions.Usage, ["alibaba", ..] => AlibabaOptions.Usage, _ => SandboxOptions.Usage };
Func<CancellationToken, Task<int>>? run;
try
{
    run = args switch
    {
        ["upload", ..] => UploadOptions.Parse(args[1..]) is { Help: false } upload ? new UploadRun(upload, AnsiConsole.Console).RunAsync : null,
        ["alibaba", ..] => AlibabaOptions.Parse(args[1..]) is { Help: false } alibaba ? new AlibabaRun(alibaba).RunAsync : null,
        _ => SandboxOptions.Parse(args) is { Help: false } options ? new SandboxRun(options, AnsiConsole.Console).RunAsync : null,
    };
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}{Environment.NewLine}{usage}");
    return 2;
}

if (run is null)
{
    Console.WriteLine(usage);
    return 0;
}

if (Console.IsOutputRedirected)
{
    // No terminal that could say how wide it is.
    AnsiConsole.Profile.Width = 120;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await run(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException or HttpRequestException or Oss.Protocol.OssException)
{
    // Not among what is printed to be piped.
    var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    errors.Profile.Width = AnsiConsole.Profile.Width;
    errors.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}
