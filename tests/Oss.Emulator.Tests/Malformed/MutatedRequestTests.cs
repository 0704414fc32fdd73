using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;
using Oss.Protocol.Tests;

namespace Oss.Emulator.Tests.Malformed;

/// <summary>Requests that official SDKs sent, with some bytes changed: 3,000 of them in each run.</summary>
public sealed class MutatedRequestTests
{
    private const int Mutations = 3000;

    // What parsers trip over, beside bytes at random.
    private static readonly byte[][] Pieces =
    [
        .. ((string[])["\r\n", "\n", "\0", "%", "%00", "%ff", "?", "&", "=", "/", "..", ":", ";", ",", "\"", "<", "]]>", "&lt;", "-1", "99999999999999999999", "chunked", "\t", " ", "é", "x-oss-", "bytes="])
            .Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.Select(Gen.Int[0, 6], Gen.Int[0, int.MaxValue], Gen.Int[1, 40], Gen.Byte, Gen.Int[0, Pieces.Length - 1])
        .Select<(int Kind, int Place, int Length, byte Value, int Piece), Func<byte[], byte[]>>(m => bytes => Mutate(bytes, m.Kind, m.Place, m.Length, m.Value, Pieces[m.Piece]));

    [Fact]
    public async Task Are_answered_in_OSSs_form_or_not_at_all()
    {
        var requests = Vector.Ids("wire-requests").Select(row => Vector.Get("wire-requests", row.Data)).ToArray();
        await using var oss = await MutationTarget.StartAsync(requests);

        await ManyExchanges.SendAsync(
            Gen.Select(Gen.Int[0, requests.Length - 1], Mutation.Array[1, 4]),
            made => made.Item2.Aggregate(WireRequest.ToBytes(requests[made.Item1].Input), (request, mutate) => mutate(request)),
            oss.Port,
            Mutations);

        await oss.AssertWholeAsync();
    }

    private static byte[] Mutate(byte[] bytes, int kind, int place, int length, byte value, byte[] piece)
    {
        if (bytes.Length == 0)
        {
            return piece;
        }

        var at = place % bytes.Length;
        var end = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. piece, .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => bytes[..at],
            5 => [.. bytes[..at], .. piece, .. bytes[end..]],
            _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (value % 8))), .. bytes[(at + 1)..]],
        };
    }

    /// <summary>An emulator that takes the requests for good, unless they are changed.</summary>
    private sealed class MutationTarget : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly OssEmulator _emulator;
        private readonly OssClient _client;
        private readonly HttpClient _http;
        private readonly string[] _buckets;

        private MutationTarget(string folder, OssEmulator emulator, HttpClient http, OssClient client, string[] buckets)
        {
            (_folder, _emulator, _http, _client, _buckets) = (folder, emulator, http, client, buckets);
        }

        public int Port => new Uri(_emulator.Endpoint).Port;

        public static async Task<MutationTarget> StartAsync(Vector[] requests)
        {
            var folder = Directory.CreateTempSubdirectory("oss-emulator-mutated-").FullName;
            var clock = new FakeTimeProvider(WireRequest.Time);
            var key = WireRequest.Key(requests[0].Input);
            string[] buckets = [.. requests.Select(vector => vector.Expected.TextOrNull("bucket")).OfType<string>().Distinct()];
            var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
            {
                DataFolder = folder,
                AccessKeys = [key],
                Buckets = buckets,
                Clock = clock,
                CallbackTimeout = TimeSpan.FromMilliseconds(500),
            });
            var http = new HttpClient();
            var client = new OssClient(http, OssEndpoint.Parse(emulator.Endpoint), new V4Signer(key, "cn-hangzhou"), clock, OssRetry.None);
            return new MutationTarget(folder, emulator, http, client, buckets);
        }

        /// <summary>Every object that there is now can be read, and has the checksum it says.</summary>
        public async Task AssertWholeAsync()
        {
            var stored = _emulator.Requests.Where(request => request is { Status: < 300, Key: not null, Bucket: not null }).Select(request => (request.Bucket, request.Key)).Distinct();
            var found = 0;
            foreach (var (bucket, key) in stored)
            {
                if (!_buckets.Contains(bucket) || await _client.HeadObjectAsync(bucket!, key!) is not { } head)
                {
                    continue;
                }

                using var download = await _client.GetObjectAsync(bucket!, key!);
                using var content = new MemoryStream();
                await download.Content.CopyToAsync(content);
                Assert.Equal(head.Crc64, Crc64.Compute(content.ToArray()));
                found++;
            }

            Assert.True(found > 0);
        }

        public async ValueTask DisposeAsync()
        {
            await _emulator.DisposeAsync();
            _http.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
