using System.Globalization;
using System.Security.Cryptography;

namespace Benchmarks.Emulator;

/// <summary>
/// Presigned PUTs of 1 KiB, to a new key each. Nothing is deleted before the end: ext4 without a journal does not use an inode again for minutes, and looks past
/// every one that was deleted lately whenever it makes a file, which would be most of what is measured.
/// </summary>
internal sealed class SmallPutMeasurement(MeasurementOptions options, string folder)
{
    private const int BodySize = 1024;
    private const int PerMeasurement = 3_000;

    private static readonly int[] Connections = [1, 16];

    private readonly byte[] _body = RandomNumberGenerator.GetBytes(BodySize);
    private int _measurements;

    public async Task RunAsync()
    {
        await using var discarding = await ServerProcess.StartAsync(ServerKind.Discarding, folder);
        await using var bare = await ServerProcess.StartAsync(ServerKind.Bare, folder);
        await using var emulator = await ServerProcess.StartAsync(ServerKind.Emulator, folder);
        Console.WriteLine("""

            | PUTs of 1 KiB | discarding them | bare Kestrel, to a file | emulator | ratio to bare | ratio to discarding | processor time each |
            |---|---|---|---|---|---|---|
            """);
        foreach (var connections in Connections)
        {
            var rounds = Rounds.Measure([discarding, bare, emulator], options.Rounds, server => Measure(server, connections));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {connections} connection{(connections == 1 ? "" : "s")} | {rounds.Rate(ServerKind.Discarding)}/s | {rounds.Rate(ServerKind.Bare)}/s | {rounds.Rate(ServerKind.Emulator)}/s | {rounds.Ratio(ServerKind.Bare)} | {rounds.Ratio(ServerKind.Discarding)} | {rounds.Processor(ServerKind.Discarding)}, {rounds.Processor(ServerKind.Bare)}, {rounds.Processor(ServerKind.Emulator)} µs |"));
        }
    }

    private Figure Measure(ServerProcess server, int connections)
    {
        var measurement = _measurements++;
        var puts = Enumerable.Range(0, PerMeasurement).Select(number => Requests.Put(string.Create(CultureInfo.InvariantCulture, $"{measurement:0000}-{number:00000}"), _body)).ToArray();
        return Load.Measure(server, PerMeasurement, connections, (connection, number) =>
        {
            for (var i = number; i < puts.Length; i += connections)
            {
                connection.Exchange(puts[i]);
            }
        });
    }
}
