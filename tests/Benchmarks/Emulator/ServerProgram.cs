using System.Globalization;
using Benchmarks.App;
using Benchmarks.Bulk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Oss.Emulator;
using Oss.Protocol;

namespace Benchmarks.Emulator;

/// <summary>One of the servers in a process of its own: its address is its first line of output, and it ends with its input.</summary>
internal static class ServerProgram
{
    public const string Name = "emulator-server";

    /// <summary>Line of input to which the bytes are said that the process has allocated.</summary>
    public const string AskAllocated = "allocated";

    public static readonly AccessKey Key = new("LTAIbenchmarks00000001", "BenchmarksSecret00000000000001");

    /// <param name="arguments">Kind and folder.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var kind = Enum.Parse<ServerKind>(arguments[0]);
        await using var server = kind switch
        {
            ServerKind.Emulator => await EmulatorAsync(arguments[1]),
            ServerKind.App => await AppAsync(),
            ServerKind.Tables => await TablesAsync(),
            ServerKind.Replying => await StartAsync(AppServer.Replying()),
            _ => await BareAsync(kind, arguments[1]),
        };
        Console.WriteLine(server.Address);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == AskAllocated)
            {
                Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }

    private static async Task<Running> AppAsync()
    {
        var (address, host) = await AppServer.StartAsync();
        return new Running(address, (IAsyncDisposable)host);
    }

    private static async Task<Running> StartAsync(WebApplication server)
    {
        await server.StartAsync();
        return new Running(server.Urls.First(), server);
    }

    private static async Task<Running> EmulatorAsync(string folder)
    {
        var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions { DataFolder = folder, AccessKeys = [Key], Buckets = [Requests.Bucket] });
        return new Running(emulator.Endpoint, emulator);
    }

    private static async Task<Running> BareAsync(ServerKind kind, string folder)
    {
        Directory.CreateDirectory(folder);
        var endpoint = new BareEndpoint(folder, kind == ServerKind.Discarding);
        var server = kind == ServerKind.BareOnSameKestrel ? EmulatorServer.Build(LocalSockets.Bind(0), null, null, null) : Kestrel();
        server.Run(endpoint.HandleAsync);
        return await StartAsync(server);
    }

    private static async Task<Running> TablesAsync()
    {
        var server = Kestrel();
        server.Run(new TableService().AnswerAsync);
        return await StartAsync(server);
    }

    private static WebApplication Kestrel()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        return builder.Build();
    }

    private sealed record Running(string Address, IAsyncDisposable Server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
