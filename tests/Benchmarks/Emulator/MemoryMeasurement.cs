using System.Globalization;
using System.Security.Cryptography;
using Oss.Protocol;

namespace Benchmarks.Emulator;

/// <summary>The most memory that a fresh emulator takes while one object is put and got.</summary>
internal sealed class MemoryMeasurement(MeasurementOptions options, string folder)
{
    // What is larger than a PUT may be goes in parts of this size.
    private const long PartSize = 1_000_000_000;
    private const string Key = "object";

    private readonly byte[] _block = RandomNumberGenerator.GetBytes(4 * 1024 * 1024);

    public async Task RunAsync()
    {
        Console.WriteLine("""

            | object, put and got by a fresh emulator | peak working set | beyond that after a PUT of 1 KB |
            |---|---|---|
            """);
        foreach (var megabytes in new[] { 100, 1000, 10_000 }.Where(size => size <= options.Gigabytes * 1000))
        {
            await using var server = await ServerProcess.StartAsync(ServerKind.Emulator, folder);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };
            var client = new OssClient(http, OssEndpoint.Parse(server.Address.GetLeftPart(UriPartial.Authority)), new V4Signer(ServerProgram.Key, "cn-hangzhou"), TimeProvider.System, OssRetry.None);
            await client.PutObjectAsync(Requests.Bucket, "small", UploadBody.From(_block.AsMemory(0, 1000)));
            var before = server.PeakWorkingSet;
            await TransferAsync(client, megabytes * 1_000_000L);
            var after = server.PeakWorkingSet;
            await client.DeleteObjectAsync(Requests.Bucket, Key);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {megabytes:#,0} MB | {after >> 20} MiB | {(after - before) >> 20} MiB |"));
        }
    }

    private async Task TransferAsync(OssClient client, long size)
    {
        if (size <= OssLimits.MaxSimpleUploadSize)
        {
            await client.PutObjectAsync(Requests.Bucket, Key, Body(size));
        }
        else
        {
            var upload = await client.InitiateMultipartUploadAsync(Requests.Bucket, Key);
            var parts = new List<UploadedPart>();
            for (var number = 1; (number - 1) * PartSize < size; number++)
            {
                parts.Add(await client.UploadPartAsync(Requests.Bucket, Key, upload, number, Body(Math.Min(PartSize, size - ((number - 1) * PartSize)))));
            }

            await client.CompleteMultipartUploadAsync(Requests.Bucket, Key, upload, parts);
        }

        using var download = await client.GetObjectAsync(Requests.Bucket, Key);
        await download.Content.CopyToAsync(Stream.Null);
    }

    private UploadBody Body(long size) => new(size, _ => ValueTask.FromResult<Stream>(new RepeatedStream(_block, size)));
}
