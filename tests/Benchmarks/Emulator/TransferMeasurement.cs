using System.Globalization;
using System.Security.Cryptography;
using Oss.Protocol;

namespace Benchmarks.Emulator;

/// <summary>Large bodies, to the server and back. What has been sent is deleted before the next server's turn, so that nobody pays for writing back another's file.</summary>
internal sealed class TransferMeasurement(MeasurementOptions options, string folder)
{
    // Each measurement moves so many bodies at least.
    private const int LeastBodies = 4;
    private const int BlockSize = 4 * 1024 * 1024;

    private readonly byte[] _block = RandomNumberGenerator.GetBytes(BlockSize);
    private readonly long _size = options.Megabytes * 1_000_000L;

    public async Task RunAsync()
    {
        await using var bare = await ServerProcess.StartAsync(ServerKind.Bare, folder);
        await using var same = await ServerProcess.StartAsync(ServerKind.BareOnSameKestrel, folder);
        await using var emulator = await ServerProcess.StartAsync(ServerKind.Emulator, folder);
        ServerProcess[] servers = [bare, same, emulator];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            | {options.Megabytes} MB | connections | bare Kestrel | bare, on the emulator's Kestrel | emulator | ratio to bare | ratio to bare on the same Kestrel | servers' processor time per MB |
            |---|---|---|---|---|---|---|---|
            """));
        foreach (var connections in options.Connections)
        {
            Print("PUT", connections, Rounds.Measure(servers, options.Rounds, server => Put(server, connections)));
            Print("GET", connections, Rounds.Measure(servers, options.Rounds, server => Get(server, connections)));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nPeak working set after all this: bare {Mebibytes(bare)} MiB, bare on the emulator's Kestrel {Mebibytes(same)} MiB, emulator {Mebibytes(emulator)} MiB."));
    }

    private static void Print(string what, int connections, Rounds rounds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {connections} | {rounds.Rate(ServerKind.Bare)} MB/s | {rounds.Rate(ServerKind.BareOnSameKestrel)} MB/s | {rounds.Rate(ServerKind.Emulator)} MB/s | {rounds.Ratio(ServerKind.Bare)} | {rounds.Ratio(ServerKind.BareOnSameKestrel)} | {rounds.Processor(ServerKind.Bare)}, {rounds.Processor(ServerKind.BareOnSameKestrel)}, {rounds.Processor(ServerKind.Emulator)} µs |"));

    private static long Mebibytes(ServerProcess server) => server.PeakWorkingSet >> 20;

    private Figure Put(ServerProcess server, int connections)
    {
        var each = Math.Max(1, LeastBodies / connections);
        string Key(int connection, int body) => string.Create(CultureInfo.InvariantCulture, $"put-{connection}-{body}");
        var heads = Enumerable.Range(0, connections).Select(connection => Enumerable.Range(0, each).Select(body => Requests.Put(Key(connection, body), _size)).ToArray()).ToArray();
        var wanted = Wanted(server);
        var figure = Load.Measure(server, connections * each * _size / 1e6, connections, (connection, number) => Array.ForEach(heads[number], head => connection.Put(head, _block, _size, wanted)));
        Load.Run(server.Address, connections, (connection, number) =>
        {
            for (var body = 0; body < each; body++)
            {
                connection.Exchange(Requests.Delete(Key(number, body)));
            }
        });
        return figure;
    }

    private Figure Get(ServerProcess server, int connections)
    {
        var each = Math.Max(1, LeastBodies / connections);
        const string Key = "get";
        using (var connection = new Connection(server.Address))
        {
            connection.Put(Requests.Put(Key, _size), _block, _size, Wanted(server));
        }

        var request = Requests.Get(Key);
        var figure = Load.Measure(server, connections * each * _size / 1e6, connections, (connection, _) =>
        {
            for (var body = 0; body < each; body++)
            {
                if (connection.Exchange(request) != _size)
                {
                    throw new InvalidOperationException("The reply is of another size.");
                }
            }
        });
        using (var connection = new Connection(server.Address))
        {
            connection.Exchange(Requests.Delete(Key));
        }

        return figure;
    }

    // The emulator has to say what it stored: the checksums are in its time.
    private string[] Wanted(ServerProcess server) => server.Kind == ServerKind.Emulator ? _checksums ??= Checksums() : [];

    private string[]? _checksums;

#pragma warning disable CA5351 // The algorithm is OSS's choice.
    private string[] Checksums()
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        ulong crc = 0;
        for (var left = _size; left > 0;)
        {
            var part = _block.AsSpan(0, (int)Math.Min(left, BlockSize));
            md5.AppendData(part);
            crc = Crc64.Append(crc, part);
            left -= part.Length;
        }

        return [$"x-oss-hash-crc64ecma: {Crc64.ToText(crc)}", $"ETag: \"{Convert.ToHexString(md5.GetHashAndReset())}\""];
    }
#pragma warning restore CA5351
}
