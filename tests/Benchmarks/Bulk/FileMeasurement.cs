using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Benchmarks.Emulator;
using Oss.Protocol;

namespace Benchmarks.Bulk;

/// <summary>
/// One large file, from disk and from an https server, by the app; beside PUTs of the same bytes, in objects as large as the parts, and beside a multipart upload by the same client
/// without jobs, rows and messages.
/// </summary>
internal static class FileMeasurement
{
    private const string Name = "large.bin";
    private const int Part = 8 * 1024 * 1024;
    private const int Connections = BulkStack.MessagesOfInstance * 2;

    public static async Task RunAsync(MeasurementOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var stack = await BulkStack.StartAsync(folder);
        var certificate = Path.Combine(folder, "certificate.pem");
        await using var site = await SourceSite.StartAsync(stack.SourceFolder, certificate);
        await stack.StartAppAsync(stack.Settings(("SSL_CERT_FILE", certificate), ("BulkUploads__AllowedSourceHosts", site.Address.Authority)));
        var path = Path.Combine(stack.SourceFolder, Name);
        Write(path, options.Size);
        var size = new FileInfo(path).Length;
        var idle = stack.Apps[0].PeakWorkingSet;
        using var bare = new BareClient(stack, Connections);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            | {options.Size:#,0} MiB from | bare PUTs of 8 MiB, {Connections} connections | multipart by the client | job of the app | job to bare | job to client | app's peak, before |
            |---|---|---|---|---|---|---|
            """));
        foreach (var (kind, source, open) in ((string, object, Func<long, long, ValueTask<Stream>>)[])
        [
            ("disk", new { file = Name }, (offset, _) => UploadBody.FromFile(path, offset, size).OpenAsync(default)),
            ("https", new { url = new Uri(site.Address, Name).ToString() }, (offset, length) => site.OpenAsync(Name, offset, length)),
        ])
        {
            var plan = new UploadPlan(size, Part);
            var (puts, parts, jobs) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                puts.Add((await bare.PutAsync(plan.PartCount, number => Range(plan.Part(number + 1), open))).TotalSeconds);
                parts.Add((await MultipartAsync(stack.Oss, plan, open)).TotalSeconds);
                jobs.Add((await stack.CarryAsync(new { source, key = "job", callback = false })).TotalSeconds);
                await stack.Oss.DeleteObjectAsync(Requests.Bucket, "job");
            }

            var (put, part, job) = (Median(puts), Median(parts), Median(jobs));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind} | {options.Size / put:#,0} MiB/s | {options.Size / part:#,0} MiB/s | {options.Size / job:#,0} MiB/s | {put / job:0.00} | {part / job:0.00} | {stack.Apps[0].PeakWorkingSet / 1048576} MiB, {idle / 1048576} |"));
        }
    }

    private static (long Length, Func<ValueTask<Stream>> Open) Range(PartRange part, Func<long, long, ValueTask<Stream>> open) => (part.Length, () => open(part.Offset, part.Length));

    private static async Task<TimeSpan> MultipartAsync(OssClient oss, UploadPlan plan, Func<long, long, ValueTask<Stream>> open)
    {
        var started = Stopwatch.GetTimestamp();
        var uploadId = await oss.InitiateMultipartUploadAsync(Requests.Bucket, "client");
        var sent = new UploadedPart[plan.PartCount];
        await BareClient.EachAsync(plan.PartCount, Connections, async number =>
        {
            var (length, body) = Range(plan.Part(number + 1), open);
            sent[number] = await oss.UploadPartAsync(Requests.Bucket, "client", uploadId, number + 1, new UploadBody(length, _ => body()));
        });
        await oss.CompleteMultipartUploadAsync(Requests.Bucket, "client", uploadId, sent);
        var time = Stopwatch.GetElapsedTime(started);
        await oss.DeleteObjectAsync(Requests.Bucket, "client");
        return time;
    }

    private static void Write(string path, int mebibytes)
    {
        using var file = File.Create(path);
        var block = RandomNumberGenerator.GetBytes(1024 * 1024);
        for (var i = 0; i < mebibytes; i++)
        {
            // No two alike.
            BitConverter.TryWriteBytes(block, i);
            file.Write(block);
        }

        file.Flush(flushToDisk: true);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
