using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Oss.Protocol;

namespace Benchmarks.Bulk;

/// <summary>
/// The largest object that OSS takes, 48.8 TB in 10,000 parts, copied by an OSS that moves no bytes: at once, and by a clock that each part moves on by more than a message's time, so that every message
/// sends what it has begun and hands the rest on.
/// </summary>
internal static class VastMeasurement
{
    // 5 GiB at 10 MB/s.
    private static readonly TimeSpan PartTime = TimeSpan.FromSeconds(537);

    public static async Task RunAsync(string folder)
    {
        Console.WriteLine(ScaleMeasurement.Header);
        foreach (var (name, time) in ((string, TimeSpan)[])[("at once", TimeSpan.Zero), ("each part longer than a message's time", PartTime)])
        {
            var own = Path.Combine(folder, time == TimeSpan.Zero ? "quick" : "slow");
            Directory.CreateDirectory(own);
            await using var stack = await BulkStack.StartAsync(own);
            var clock = new JumpingClock();
            using var vast = new VastOss(() => clock.Jump(time));
            using var host = await ScaleMeasurement.StartAsync(
                stack,
                services => services
                    .Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
                    .Replace(ServiceDescriptor.Singleton(new OssClient(new HttpClient(vast, disposeHandler: false), stack.Endpoint, BulkStack.Signer, TimeProvider.System))),
                ("BulkUploads__OssSourceBuckets", VastOss.Bucket));
            await stack.StartAppAsync(stack.Settings(("AzureFunctionsJobHost__functions__0", "BulkUploadSubmit"), ("AzureFunctionsJobHost__functions__1", "BulkUploadStatus"), ("BulkUploads__OssSourceBuckets", VastOss.Bucket)));
            await ScaleMeasurement.MeasureAsync(
                stack, $"48.8 TB, {OssLimits.MaxPartCount:#,0} parts, {name}", OssLimits.MaxPartCount, new { source = new { oss = $"oss://{VastOss.Bucket}/all" }, key = "all", callback = false });
            Console.WriteLine($"Requests of OSS: {vast.TakeRequests()}");
            await host.StopAsync();
        }
    }

    /// <summary>Elapsed time by a clock that moves on when it is told to, and else as time does.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _jumped;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _jumped);

        public void Jump(TimeSpan time) => Interlocked.Add(ref _jumped, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
