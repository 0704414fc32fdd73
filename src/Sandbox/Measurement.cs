using System.Diagnostics;
using System.Globalization;
using Oss.Protocol;
using Spectre.Console;

namespace Sandbox;

/// <summary>A multipart upload by the app beside one streamed PUT of the same file to the same emulator.</summary>
internal sealed class Measurement(Stack stack, AppClient app, IAnsiConsole console)
{
    private const double MiB = 1024 * 1024;
    private const string Key = "measured.bin";
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task RunAsync(int sizeMiB, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var oss = new OssClient(http, OssEndpoint.Parse(stack.Oss.Endpoint), new V4Signer(stack.AccessKey, Stack.Region), TimeProvider.System);
        var file = await SourceFile.CreateAsync(stack.SourceFolder, Key, sizeMiB * 1024L * 1024, 1, cancellationToken);
        var idle = stack.App.PeakWorkingSet;

        // The bare PUT before and after: the machine may be shared, and the two tell how far they can be believed.
        var before = await TimeAsync(oss, file, () => PutAsync(oss, file, cancellationToken), cancellationToken);
        var multipart = await TimeAsync(oss, file, () => UploadAsync(file, cancellationToken), cancellationToken);
        var after = await TimeAsync(oss, file, () => PutAsync(oss, file, cancellationToken), cancellationToken);
        Line($"single PUT         {before,6:0} MiB/s before, {after:0} MiB/s after");
        Line($"multipart upload   {multipart,6:0} MiB/s, {multipart / ((before + after) / 2):0.00} of the PUTs' mean; from the job's acceptance to its success, callback included");
        Line($"app's peak memory  {stack.App.PeakWorkingSet / MiB,6:0} MiB, {idle / MiB:0} MiB before the upload");
    }

    /// <summary>MiB per second; compares the object with the file and removes it, so that each run begins alike.</summary>
    private static async Task<double> TimeAsync(OssClient oss, SourceFile file, Func<Task> upload, CancellationToken cancellationToken)
    {
        var time = Stopwatch.StartNew();
        await upload();
        var rate = file.Size / MiB / time.Elapsed.TotalSeconds;
        var head = await oss.HeadObjectAsync(Stack.Bucket, Key, cancellationToken);
        await oss.DeleteObjectAsync(Stack.Bucket, Key, cancellationToken);
        return head?.Crc64 == file.Crc64 && head.Size == file.Size ? rate : throw new InvalidOperationException("The object is not the file.");
    }

    private static Task<StoredObject> PutAsync(OssClient oss, SourceFile file, CancellationToken cancellationToken) =>
        oss.PutObjectAsync(Stack.Bucket, Key, UploadBody.FromFile(file.Path, 0, file.Size), cancellationToken: cancellationToken);

    private async Task UploadAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var accepted = await app.PostAsync("/api/bulk-uploads", new { source = new { file = file.Name }, key = Key }, cancellationToken);
        await app.WaitForJobAsync(accepted.GetProperty("id").GetString()!, _ => { }, Patience, cancellationToken);
    }

    private void Line(FormattableString line) => console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
