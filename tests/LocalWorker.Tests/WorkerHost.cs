using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalWorker.Tests;

/// <summary>The stand-in on a free port, with only the functions that a test names.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    public const string FunctionKey = "function-key";
    public const string MasterKey = "master-key";

    private readonly IHost _host;

    private WorkerHost(IHost host)
    {
        _host = host;
        // The port is known once the host has started.
        Address = new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new() { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What the functions of this host have told.</summary>
    public Seen Seen => _host.Services.GetRequiredService<Seen>();

    public static async Task<WorkerHost> StartAsync(
        string[] functions, Dictionary<string, string?>? settings = null, Action<FunctionsApplicationBuilder>? configure = null)
    {
        var host = Build(functions, settings, configure);
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host);
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _host.Dispose();
    }

    private static IHost Build(string[] functions, Dictionary<string, string?>? settings, Action<FunctionsApplicationBuilder>? configure)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LocalWorker:Urls"] = "http://127.0.0.1:0",
            ["LocalWorker:FunctionKey"] = FunctionKey,
            ["LocalWorker:MasterKey"] = MasterKey,
            ["LocalWorker:MessageVisibility"] = "00:10:00",
            ["LocalWorker:FunctionsAssembly"] = "LocalWorker.Tests",
            ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:00:00.1",
            ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "00:00:00",
        });
        builder.Configuration.AddInMemoryCollection(functions.Select((name, index) => KeyValuePair.Create($"AzureFunctionsJobHost:functions:{index}", (string?)name)));
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<Seen>();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        return builder.Build();
    }
}
