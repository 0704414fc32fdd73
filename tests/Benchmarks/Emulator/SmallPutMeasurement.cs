using System.Globalization;
using System.Security.Cryptography;

namespace Benchmarks.Emulator;

/// <summary>Presigned PUTs of 1 KiB, to a new key each.</summary>
internal sealed class SmallPutMeasurement(MeasurementOptions options, string folder)
{
    private const int BodySize = 1024;
    private const int PerMeasurement = 4_000;

    private static readonly int[] Connections = [1, 16];

    public async Task RunAsync()
    {
        await using var discarding = await ServerProcess.StartAsync(ServerKind.Discarding, folder);
        await using var bare = await ServerProcess.StartAsync(ServerKind.Bare, folder);
        await using var emulator = await ServerProcess.StartAsync(ServerKind.Emulator, folder);
        var body = RandomNumberGenerator.GetBytes(BodySize);
        var keys = Enumerable.Range(0, PerMeasurement).Select(number => string.Create(CultureInfo.InvariantCulture, $"small/{number:00000}")).ToArray();
        var puts = keys.Select(key => Requests.Put(key, body)).ToArray();
        var deletes = keys.Select(Requests.Delete).ToArray();
        Console.WriteLine("""

            | PUTs of 1 KiB | discarding them | bare Kestrel, to a file | emulator | ratio to bare | ratio to discarding |
            |---|---|---|---|---|---|
            """);
        foreach (var connections in Connections)
        {
            var rounds = Rounds.Measure([discarding, bare, emulator], options.Rounds, server => Measure(server, connections, puts, deletes));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {connections} connection{(connections == 1 ? "" : "s")} | {rounds.Median(ServerKind.Discarding)}/s | {rounds.Median(ServerKind.Bare)}/s | {rounds.Median(ServerKind.Emulator)}/s | {rounds.Ratio(ServerKind.Bare)} | {rounds.Ratio(ServerKind.Discarding)} |"));
        }
    }

    private static double Measure(ServerProcess server, int connections, byte[][] puts, byte[][] deletes)
    {
        var time = Load.Run(server.Address, connections, (connection, number) => Exchange(connection, puts, number, connections));
        Load.Run(server.Address, connections, (connection, number) => Exchange(connection, deletes, number, connections));
        return puts.Length / time.TotalSeconds;
    }

    private static void Exchange(Connection connection, byte[][] requests, int first, int step)
    {
        for (var i = first; i < requests.Length; i += step)
        {
            connection.Exchange(requests[i]);
        }
    }
}
