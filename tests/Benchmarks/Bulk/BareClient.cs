using System.Diagnostics;
using System.Globalization;
using System.Net;
using Benchmarks.Emulator;
using Oss.Protocol;

namespace Benchmarks.Bulk;

/// <summary>A bare HttpClient that PUTs to presigned URLs, so many at a time.</summary>
internal sealed class BareClient(BulkStack stack, int connections) : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>PUTs objects, each of its own bytes, and removes them after the clock has stopped.</summary>
    public async Task<TimeSpan> PutAsync(int count, Func<int, (long Length, Func<ValueTask<Stream>> Open)> body)
    {
        var urls = Enumerable.Range(0, count).Select(number => BulkStack.Signer.Presign(
            new OssRequest("PUT", Requests.Bucket, Key(number)), stack.Endpoint, DateTimeOffset.UtcNow, TimeSpan.FromDays(1)).Url).ToArray();
        var started = Stopwatch.GetTimestamp();
        await EachAsync(count, connections, async number =>
        {
            var (length, open) = body(number);
            using var content = new RangeContent(length, open);
            using var answer = await _http.PutAsync(urls[number], content);
            answer.EnsureSuccessStatusCode();
        });
        var time = Stopwatch.GetElapsedTime(started);
        await EachAsync(count, connections, number => stack.Oss.DeleteObjectAsync(Requests.Bucket, Key(number)));
        return time;
    }

    public void Dispose() => _http.Dispose();

    public static Task EachAsync(int count, int connections, Func<int, Task> act) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (number, _) => await act(number));

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"bare/{number:D6}");

    private sealed class RangeContent(long length, Func<ValueTask<Stream>> open) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var source = await open();
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
            for (var left = length; left > 0;)
            {
                var count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, left)));
                if (count == 0)
                {
                    throw new EndOfStreamException();
                }

                await stream.WriteAsync(buffer.AsMemory(0, count));
                left -= count;
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
