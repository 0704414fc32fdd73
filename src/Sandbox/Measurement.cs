using System.Diagnostics;
using System.Globalization;
using Oss.Protocol;
using Sandbox.Scenarios;
using Spectre.Console;

namespace Sandbox;

/// <summary>The multipart scenario beside one streamed PUT of a file of the same size to the same emulator.</summary>
internal sealed class Measurement(Stack stack, AppClient app, IAnsiConsole console)
{
    private const double MiB = 1024 * 1024;

    public async Task RunAsync(int sizeMiB, CancellationToken cancellationToken)
    {
        var idle = stack.App.PeakWorkingSet;
        var bare = await PutAsync(sizeMiB, cancellationToken);
        var result = await new MultipartUpload(sizeMiB).RunAsync(stack, app, _ => { }, cancellationToken);
        if (result.Failure is { } failure)
        {
            throw new InvalidOperationException($"The multipart upload failed: {failure}");
        }

        // The bare PUT once more: the machine is shared, and the second tells how far the first can be believed.
        var again = await PutAsync(sizeMiB, cancellationToken);
        var bulk = result.Size / result.Elapsed.TotalSeconds;
        var best = Math.Max(bare, again);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"single PUT        {bare / MiB,7:0} MiB/s, again {again / MiB:0} MiB/s"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"multipart upload  {bulk / MiB,7:0} MiB/s, {bulk / best:0.00} of the faster PUT, callback and checks included"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"app's peak memory {stack.App.PeakWorkingSet / MiB,7:0} MiB, {idle / MiB:0} MiB when idle"));
    }

    private async Task<double> PutAsync(int sizeMiB, CancellationToken cancellationToken)
    {
        var file = await SourceFile.CreateAsync(stack.SourceFolder, "put.bin", sizeMiB * 1024L * 1024, 1, cancellationToken);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var oss = new OssClient(http, OssEndpoint.Parse(stack.Oss.Endpoint), new V4Signer(stack.AccessKey, Stack.Region), TimeProvider.System);
        var time = Stopwatch.StartNew();
        await oss.PutObjectAsync(Stack.Bucket, "put.bin", UploadBody.FromFile(file.Path, 0, file.Size), cancellationToken: cancellationToken);
        var rate = file.Size / time.Elapsed.TotalSeconds;
        File.Delete(file.Path);
        return rate;
    }
}
