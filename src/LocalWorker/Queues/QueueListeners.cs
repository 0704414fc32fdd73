using Azure.Core;
using Azure.Storage.Queues;
using LocalWorker.Functions;
using LocalWorker.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LocalWorker.Queues;

/// <summary>Runs a listener for each queue function, from the start of the host until every message in work is settled.</summary>
internal sealed partial class QueueListeners : IHostedService, IDisposable
{
    // The time that a worker process in Azure gets.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping;
    private readonly TimeProvider _time;
    private readonly ILogger<QueueListeners> _logger;
    private Task _running = Task.CompletedTask;

    public QueueListeners(
        IReadOnlyList<Function> functions,
        HostJson host,
        AppSettings settings,
        IOptions<LocalWorkerOptions> options,
        FunctionPipeline pipeline,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _time = time;
        _logger = loggers.CreateLogger<QueueListeners>();
        // Not StopAsync's call, which comes only when HTTP requests have run to their end.
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        All = [.. functions.Where(function => function.Trigger is QueueTriggerAttribute).Select(Listen)];

        QueueListener Listen(Function function)
        {
            var trigger = (QueueTriggerAttribute)function.Trigger;
            var queues = settings.Connection(trigger.Connection).Open(ClientOptions());
#pragma warning disable CA1308 // Queue names are lower case by Azure's rule.
            var name = settings.Resolve(trigger.QueueName).ToLowerInvariant();
#pragma warning restore CA1308
            var queue = queues.GetQueueClient(name);
            var poison = name.EndsWith(PoisonQueue.Suffix, StringComparison.Ordinal) ? null : new PoisonQueue(queues.GetQueueClient(name + PoisonQueue.Suffix));
            var visibility = options.Value.MessageVisibility;
            return new(
                function,
                queue,
                new(function, queue, poison, host.Queues, visibility, pipeline, time, loggers.CreateLogger<QueueMessageProcessor>()),
                host.Queues,
                visibility,
                new(host.Queues.MaxPollingInterval, Random.Shared),
                time,
                loggers.CreateLogger<QueueListener>());
        }
    }

    public IReadOnlyList<QueueListener> All { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(All.Select(listener => listener.CreateQueueAsync(cancellationToken)));
        _running = Task.WhenAll(All.Select(listener => Task.Run(() => listener.RunAsync(_stopping.Token), CancellationToken.None)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await _running.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogLeftBehind(Patience.TotalSeconds);
        }
    }

    public void Dispose() => _stopping.Dispose();

    // The newest service version that every Azurite in use knows. The SDK itself would retry for half a minute; a poller asks again anyway.
    private static QueueClientOptions ClientOptions() => new(QueueClientOptions.ServiceVersion.V2025_11_05)
    {
        MessageEncoding = QueueMessageEncoding.None,
        Retry = { Mode = RetryMode.Exponential, MaxRetries = 3, Delay = TimeSpan.FromMilliseconds(500), NetworkTimeout = TimeSpan.FromSeconds(15) },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Functions that ignore their token still run after {Seconds} s; their messages reappear when their visibility ends.")]
    private partial void LogLeftBehind(double seconds);
}
