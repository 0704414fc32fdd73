using System.Reflection;
using System.Text.Json;
using LocalWorker.Functions;
using LocalWorker.Http;
using LocalWorker.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LocalWorker.Hosting;

/// <summary>Puts the parts together: Kestrel, settings, logging, and the services that run functions.</summary>
internal static class LocalWorkerHost
{
    private const long MaxRequestBodySize = 104_857_600;

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var folder = AppContext.BaseDirectory;
        var web = WebApplication.CreateEmptyBuilder(new()
        {
            Args = args,
            ContentRootPath = folder,
            EnvironmentName = ConfigurationSources.EnvironmentName(args),
        });
        web.Configuration.AddAppSettings(folder, args);
        var hostJson = ConfigurationSources.HostJson(folder, web.Configuration);

        web.Logging
            .AddConfiguration(hostJson.GetSection("logging"))
            .AddConfiguration(web.Configuration.GetSection("Logging"))
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // It would write the query string of each request, and with it keys and signatures.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
        web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        web.Services.Configure<JsonSerializerOptions>(WorkerJson.Configure);
        web.Services.AddSingleton(services => new HostJson(hostJson, services.GetRequiredService<IHostEnvironment>()));
        return web;
    }

    /// <summary>What is added here comes after what the app has registered: its own hosted services start before the first message is fetched.</summary>
    public static WebApplication Build(WebApplicationBuilder web)
    {
        web.Services.AddOptions<LocalWorkerOptions>().BindConfiguration(LocalWorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        web.Services.TryAddSingleton(TimeProvider.System);
        web.Services.AddSingleton<AppSettings>();
        web.Services.AddSingleton(FindFunctions);
        web.Services.AddSingleton<FunctionPipeline>();
        web.Services.AddSingleton<HttpRouteTable>();
        web.Services.AddSingleton<FunctionKeys>();
        web.Services.AddSingleton<HttpFunctions>();
        web.Services.AddSingleton<QueueListeners>();
        web.Services.AddHostedService<StartReport>();
        web.Services.AddHostedService(services => services.GetRequiredService<QueueListeners>());

        var app = web.Build();
        var options = app.Services.GetRequiredService<IOptions<LocalWorkerOptions>>().Value;
        foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            app.Urls.Add(url);
        }

        app.UseProxies(options.Proxies);

        var functions = new Lazy<HttpFunctions>(app.Services.GetRequiredService<HttpFunctions>);
        app.Run(http => functions.Value.HandleAsync(http));
        return app;
    }

    private static IReadOnlyList<Function> FindFunctions(IServiceProvider services)
    {
        var name = services.GetRequiredService<IOptions<LocalWorkerOptions>>().Value.FunctionsAssembly;
        var assembly = string.IsNullOrEmpty(name) ? Assembly.GetEntryAssembly()! : Assembly.Load(name);
        return FunctionDiscovery.Find(assembly, services.GetRequiredService<HostJson>().Functions);
    }
}
