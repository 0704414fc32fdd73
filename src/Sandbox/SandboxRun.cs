using Sandbox.Scenarios;
using Spectre.Console;

namespace Sandbox;

/// <summary>One run of the sandbox: start everything, upload, report, serve on, stop everything.</summary>
internal sealed class SandboxRun(SandboxOptions options, IAnsiConsole console)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = options.Folder ?? Directory.CreateTempSubdirectory("oss-sandbox-").FullName;
        console.WriteLine($"State, logs and files: {folder}");
        var succeeded = false;
        try
        {
            console.WriteLine("Starting Azurite (the first time npm installs it), the OSS emulator and the function app ...");
            await using var stack = await Stack.StartAsync(folder, options.AppPort, options.OssPort, options.StoragePort, cancellationToken: cancellationToken);
            using var app = new AppClient(stack);
            if (options.MeasureMiB is { } size)
            {
                await new Measurement(stack, app, console).RunAsync(size, cancellationToken);
                return 0;
            }

            succeeded = await UploadAsync(stack, app, cancellationToken);
            if (!options.Once)
            {
                Invite(stack);
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
                console.WriteLine("Stopping ...");
            }

            return succeeded ? 0 : 1;
        }
        finally
        {
            if (options.Folder is null && (succeeded || options.MeasureMiB is not null))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<bool> UploadAsync(Stack stack, AppClient app, CancellationToken cancellationToken)
    {
        Scenario[] scenarios = [new SimpleUpload(), new MultipartUpload(options.SizeMiB), new FormUpload(), new ResumableUpload(), new PresignedPutUpload()];
        var results = new List<ScenarioResult>();
        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bars = scenarios.Select(scenario => progress.AddTask(Markup.Escape(scenario.Name), autoStart: false, maxValue: scenario.Size)).ToArray();
                foreach (var (scenario, bar) in scenarios.Zip(bars))
                {
                    bar.StartTask();
                    results.Add(await scenario.RunAsync(stack, app, bytes => bar.Value = bytes, cancellationToken));
                    bar.StopTask();
                }
            });
        Report(results);
        return results.All(result => result.IsVerified);
    }

    private void Report(IReadOnlyCollection<ScenarioResult> results)
    {
        var table = new Table().AddColumns("Scenario", "Bytes", "Time", "The callback said", "Verified");
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Name),
                $"{result.Size:N0}",
                $"{result.Elapsed.TotalSeconds:0.00} s",
                Markup.Escape(result.CallbackSaid),
                result.IsVerified ? "[green]yes[/]" : "[red]no[/]");
        }

        console.Write(table);
        foreach (var result in results.Where(result => !result.IsVerified))
        {
            console.MarkupLineInterpolated($"[red]{result.Name}: {result.Failure}[/]");
        }

        console.WriteLine("Verified: the callback's answer said so, the event came, and the object's size and CRC64 are the source's.");
    }

    // By Console, which breaks no line: these are to be copied.
    private static void Invite(Stack stack) => Console.WriteLine(
        $$"""

        Function app   {{stack.App.Url}}/api
        Function key   {{stack.FunctionKey}}   (for this run only)
        OSS emulator   {{stack.Oss.Endpoint}}   bucket {{Stack.Bucket}}, region {{Stack.Region}}
        Storage        {{stack.StorageConnectionString}}

        Try it:
        curl -s {{stack.App.Url}}/api/uploads/presigned-put -H 'x-functions-key: {{stack.FunctionKey}}' -H 'Content-Type: application/json' -d '{"key":"hello.txt","contentType":"text/plain"}'

        Ctrl-C stops everything.
        """);
}
