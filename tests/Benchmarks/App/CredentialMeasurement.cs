using System.Globalization;
using System.Text;
using Benchmarks.Emulator;

namespace Benchmarks.App;

/// <summary>Credentials a second, without the ledger's queue message, beside a Kestrel endpoint that reads the same request and answers as many bytes.</summary>
internal sealed class CredentialMeasurement(MeasurementOptions options, string folder)
{
    private const int PerMeasurement = 5_000;

    private static readonly int[] Connections = [1, 16];
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"key":"photos/2026/01/02/1.jpg","contentType":"image/jpeg","size":48213,"subject":"user-7"}""");

    public async Task RunAsync()
    {
        await using var app = await ServerProcess.StartAsync(ServerKind.App, folder);
        await using var bare = await ServerProcess.StartAsync(ServerKind.Replying, folder);
        Console.WriteLine("""

            | credentials | connections | reply | bare Kestrel | app | ratio | processor time each (bare, app) | allocated each (bare, app) |
            |---|---|---|---|---|---|---|---|
            """);
        foreach (var kind in (string[])["presigned-put", "form-post"])
        {
            var request = Post($"/api/uploads/{kind}");
            long size = 0;
            Load.Run(app.Address, 1, (connection, _) => size = connection.Exchange(request));
            var plain = Post(string.Create(CultureInfo.InvariantCulture, $"/{size}"));
            foreach (var connections in Connections)
            {
                var rounds = Rounds.Measure([bare, app], options.Rounds, server => Measure(server, server.Kind == ServerKind.App ? request : plain, connections));
                var allocated = new[] { bare, app }.Select(server => Allocated(server, server.Kind == ServerKind.App ? request : plain, connections)).ToArray();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {kind} | {connections} | {size} B | {rounds.Rate(ServerKind.Replying)}/s | {rounds.Rate(ServerKind.App)}/s | {rounds.Ratio(ServerKind.App, ServerKind.Replying)} | {rounds.Processor(ServerKind.Replying)}, {rounds.Processor(ServerKind.App)} µs | {allocated[0] / 1000.0:0.0}, {allocated[1] / 1000.0:0.0} kB |"));
            }
        }
    }

    private static Figure Measure(ServerProcess server, byte[] request, int connections) => Load.Measure(server, PerMeasurement, connections, (connection, _) =>
    {
        for (var i = 0; i < PerMeasurement / connections; i++)
        {
            connection.Exchange(request);
        }
    });

    private static double Allocated(ServerProcess server, byte[] request, int connections)
    {
        var before = server.Allocated();
        Measure(server, request, connections);
        return (server.Allocated() - before) / (double)(PerMeasurement / connections * connections);
    }

    private static byte[] Post(string path) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-functions-key: {AppServer.FunctionKey}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n")),
        .. Body,
    ];
}
