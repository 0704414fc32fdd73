using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Oss.Protocol;
using Sandbox;

namespace Oss.Emulator.Tests.Storage;

/// <summary>The emulator as a process of its own, killed while it is written to.</summary>
public sealed partial class KilledEmulatorTests : IDisposable
{
    private const int Rounds = 6;
    private const string Bucket = TestOss.BucketName;
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Loses_nothing_it_has_confirmed_and_keeps_nothing_by_halves()
    {
        var data = Path.Combine(_folder, "data");
        // By key: the CRC64 of what was confirmed last, and of all that was on its way since.
        var expected = new ConcurrentDictionary<string, (ulong? Confirmed, List<ulong?> Begun)>();
        var confirmed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            confirmed += await WriteUntilKilledAsync(data, round, expected);

            await using var oss = await TestOss.StartAsync(data);
            foreach (var (key, (last, begun)) in expected)
            {
                var head = await oss.Client.HeadObjectAsync(Bucket, key);
                var stored = head is null ? (ulong?)null : Crc64.Compute(await TestOss.DownloadAsync(oss.Client, key));

                Assert.Equal(head?.Crc64, stored);
                Assert.True(stored == last || begun.Contains(stored), $"{key}: neither what was confirmed nor what was begun since");
                expected[key] = (stored, []);
            }
        }

        Assert.True(confirmed > Rounds, $"{confirmed} writes were confirmed");
        await AssertNothingIsLeftAsync(data, expected.Keys);
    }

    /// <summary>Writes to the emulator from several sides, and kills it meanwhile.</summary>
    /// <returns>How many writes were confirmed.</returns>
    private async Task<int> WriteUntilKilledAsync(string data, int round, ConcurrentDictionary<string, (ulong? Confirmed, List<ulong?> Begun)> expected)
    {
        await using var process = ChildProcess.Start(
            "emulator", "dotnet",
            [typeof(OssEmulator).Assembly.Location, "--port", "0", "--data", data, "--bucket", Bucket, "--access-key", $"{TestOss.Key.Id}:{TestOss.Key.Secret}"],
            _folder, Path.Combine(_folder, $"emulator-{round}.log"));
        var endpoint = await EndpointAsync(process);
        using var http = new HttpClient();
        var client = new OssClient(http, OssEndpoint.Parse(endpoint), new V4Signer(TestOss.Key, "cn-hangzhou"), TimeProvider.System, OssRetry.None);
        var confirmed = 0;
        async Task WriteAsync(string key, Func<byte[], Task> write)
        {
            for (var turn = 0; ; turn++)
            {
                var content = TestOss.Bytes(Random.Shared.Next(0, 1_500_000), HashCode.Combine(key, round, turn));
                var crc = Crc64.Compute(content);
                expected[key] = expected.TryGetValue(key, out var before) ? (before.Confirmed, [.. before.Begun, crc]) : (null, [crc]);
                try
                {
                    await write(content);
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OssException or OssIntegrityException)
                {
                    return;
                }

                expected[key] = (crc, []);
                Interlocked.Increment(ref confirmed);
            }
        }

        Task[] writers =
        [
            .. Enumerable.Range(0, 3).Select(writer => WriteAsync($"put-{writer}", content => client.PutObjectAsync(Bucket, $"put-{writer}", UploadBody.From(content)))),
            WriteAsync("multipart", content => UploadInPartsAsync(client, content)),
        ];
        using (var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            while (Volatile.Read(ref confirmed) == 0)
            {
                await Task.Delay(20, deadline.Token);
            }
        }

        await Task.Delay(Random.Shared.Next(0, 600));
        await process.KillAsync();
        await Task.WhenAll(writers);
        return confirmed;
    }

    private static async Task UploadInPartsAsync(OssClient client, byte[] content)
    {
        var upload = await client.InitiateMultipartUploadAsync(Bucket, "multipart");
        var half = Math.Max(content.Length / 2, (int)OssLimits.MinPartSize);
        var parts = new List<UploadedPart>();
        for (var offset = 0; offset == 0 || offset < content.Length; offset += half)
        {
            parts.Add(await client.UploadPartAsync(Bucket, "multipart", upload, parts.Count + 1, UploadBody.From(content.AsMemory(offset, Math.Min(half, content.Length - offset)).ToArray())));
        }

        await client.CompleteMultipartUploadAsync(Bucket, "multipart", upload, parts);
    }

    // Nothing but the uploads that were open when the process was killed may remain, and they can be aborted.
    private static async Task AssertNothingIsLeftAsync(string data, IEnumerable<string> keys)
    {
        await using var oss = await TestOss.StartAsync(data);
        foreach (var key in keys)
        {
            await oss.Client.DeleteObjectAsync(Bucket, key);
        }

        using var reply = await oss.SendAsync(new OssRequest("GET", Bucket, null).With("uploads", null));
        foreach (var upload in ListMultipartUploadsResult.Parse(await reply.Content.ReadAsStringAsync()).Uploads)
        {
            await oss.Client.AbortMultipartUploadAsync(Bucket, upload.Key, upload.UploadId);
        }

        Assert.Empty(oss.SegmentFiles());
    }

    private static async Task<string> EndpointAsync(ChildProcess process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (Endpoint().Match(process.LogTail(20)) is { Success: true } match)
            {
                return match.Value;
            }

            Assert.False(process.HasExited, process.LogTail(20));
            await Task.Delay(50, deadline.Token);
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+(?=, region)")]
    private static partial Regex Endpoint();
}
