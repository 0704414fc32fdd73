using LocalWorker.Http;
using LocalWorker.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LocalWorker.Hosting;

/// <summary>Says at start which functions run and which keys are missing. Kestrel itself says where it listens.</summary>
internal sealed partial class StartReport(
    HttpRouteTable routes, QueueListeners queues, IOptions<LocalWorkerOptions> options, ILogger<StartReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var route in routes.All)
        {
            LogFunction(route.Function.Name, route);
        }

        foreach (var listener in queues.All)
        {
            LogFunction(listener.Function.Name, listener);
        }

        WarnOfMissingKey(options.Value.FunctionKey, "LocalWorker__FunctionKey", AuthorizationLevel.Function);
        WarnOfMissingKey(options.Value.MasterKey, "LocalWorker__MasterKey", AuthorizationLevel.Admin);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WarnOfMissingKey(string? key, string setting, AuthorizationLevel level)
    {
        if (string.IsNullOrEmpty(key) && routes.All.Any(route => route.Level == level))
        {
            LogMissingKey(setting, level);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Function}: {Trigger}")]
    private partial void LogFunction(string function, object trigger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The setting {Setting} is missing: routes of level {Level} answer 401.")]
    private partial void LogMissingKey(string setting, AuthorizationLevel level);
}
