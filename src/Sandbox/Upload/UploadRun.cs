using System.Text.Json;
using Spectre.Console;

namespace Sandbox.Upload;

/// <summary>Carries the command <c>upload</c> out.</summary>
internal sealed class UploadRun(UploadOptions options, IAnsiConsole console)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    /// <returns>The exit code: 0 only if the job succeeded, or was accepted when nobody waits for it.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (options.App is { } url)
        {
            using var app = new AppHttp(url, options.Key!);
            return await SubmitAsync(app, UploadDocument.Of(options), options.Watch, cancellationToken);
        }

        if (options.Bucket != Stack.Bucket)
        {
            throw new InvalidOperationException($"The OSS emulator's bucket is oss://{Stack.Bucket}; for another, name its app by --app and --key.");
        }

        return await RunHereAsync(cancellationToken);
    }

    private async Task<int> RunHereAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-upload-").FullName;
        try
        {
            var isOnDisk = UploadDocument.IsOnDisk(options.Source);
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Source));
            var settings = new Dictionary<string, string>();
            if (isOnDisk)
            {
                settings["BulkUploads__FileRoot"] = File.Exists(path) || Directory.Exists(path) ? Path.GetDirectoryName(path) ?? path : throw new InvalidOperationException($"There is no '{path}'.");
            }
            else if (Uri.TryCreate(options.Source, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
            {
                settings["BulkUploads__AllowedSourceHosts"] = url.Authority;
            }

            await using var stack = await Stack.StartAsync(folder, settings: settings, cancellationToken: cancellationToken);
            using var app = new AppHttp(stack.App.Url, stack.FunctionKey);
            var document = isOnDisk ? UploadDocument.Of(options, Directory.Exists(path), Path.GetFileName(path)) : UploadDocument.Of(options);
            return await SubmitAsync(app, document, watch: true, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> SubmitAsync(AppHttp app, object document, bool watch, CancellationToken cancellationToken)
    {
        var accepted = await app.PostAsync("/api/bulk-uploads", document, cancellationToken);
        var id = accepted.GetProperty("id").GetString()!;
        console.MarkupLineInterpolated($"Job [bold]{id}[/]: {accepted.GetProperty("status").GetString()!}");
        var job = await app.FindJobAsync(id, cancellationToken);
        if (job?.GetProperty("bucket").GetString() is { } bucket && bucket != options.Bucket)
        {
            await app.PostAsync($"/api/bulk-uploads/{id}/cancel", new { }, cancellationToken);
            throw new InvalidOperationException($"The app uploads to oss://{bucket}, not to oss://{options.Bucket}: the job was canceled.");
        }

        return watch ? Tell(await WatchAsync(app, id, cancellationToken)) : 0;
    }

    private Task<JsonElement> WatchAsync(AppHttp app, string id, CancellationToken cancellationToken) =>
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var (objects, bytes) = (progress.AddTask("objects", maxValue: 1), progress.AddTask("bytes", maxValue: 1));
            while (true)
            {
                if (await app.FindJobAsync(id, cancellationToken) is { } job)
                {
                    var counts = job.GetProperty("counts");
                    var (all, ended) = (Number(counts, "objects"), Number(counts, "succeeded") + Number(counts, "skipped") + Number(counts, "failed") + Number(counts, "canceled"));
                    Show(objects, ended, all);
                    Show(bytes, Number(job, "bytesDone"), Number(job, "size"));
                    if (job.GetProperty("state").GetString() is "Succeeded" or "Failed" or "Canceled")
                    {
                        return job;
                    }
                }

                await Task.Delay(PollInterval, cancellationToken);
            }
        });

    private int Tell(JsonElement job)
    {
        var (state, counts) = (job.GetProperty("state").GetString()!, job.GetProperty("counts"));
        console.MarkupLineInterpolated(
            $"{state}: {Number(counts, "succeeded")} {(options.DryRun ? "would be uploaded" : "uploaded")}, {Number(counts, "skipped")} left alone, {Number(counts, "failed")} failed; {Number(job, "bytesDone"):N0} bytes.");
        if (job.TryGetProperty("error", out var error))
        {
            console.MarkupLineInterpolated($"[red]{error.GetProperty("code").GetString()!}: {error.GetProperty("message").GetString()!}[/]");
        }

        return state == "Succeeded" ? 0 : 1;
    }

    private static void Show(ProgressTask task, long done, long all)
    {
        // Nothing to do is all done; the total grows while a job is expanded.
        task.MaxValue = Math.Max(1, all);
        task.Value = all == 0 ? 0 : done;
    }

    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
}
