using System.Runtime.InteropServices;
using Sandbox;
using Sandbox.Upload;
using Spectre.Console;

var isUpload = args is ["upload", ..];
var usage = isUpload ? UploadOptions.Usage : SandboxOptions.Usage;
Func<CancellationToken, Task<int>> run;
try
{
    var (options, upload) = isUpload ? (new SandboxOptions(), UploadOptions.Parse(args[1..])) : (SandboxOptions.Parse(args), new UploadOptions());
    if (options.Help || upload.Help)
    {
        Console.WriteLine(usage);
        return 0;
    }

    run = isUpload ? new UploadRun(upload, AnsiConsole.Console).RunAsync : new SandboxRun(options, AnsiConsole.Console).RunAsync;
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}{Environment.NewLine}{usage}");
    return 2;
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
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}
