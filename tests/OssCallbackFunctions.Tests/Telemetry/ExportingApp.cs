using OssCallbackFunctions.Tests.Webhooks;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>An app that exports all it traces, measures and logs, and has a secret of every kind.</summary>
public class ExportingApp : RunningApp
{
    /// <summary>What is exported on purpose, to see that it would be found.</summary>
    public const string Planted = "planted-leak-4f1e";

    public const string WebhookPath = "/hooks/webhook-path-secret";

    public OtlpReceiver Receiver { get; private set; } = null!;

    public WebhookReceiver Webhooks { get; private set; } = null!;

    protected override Dictionary<string, string> Settings => new(base.Settings)
    {
        ["Oss__RoleArn"] = "acs:ram::1234567890123456:role/uploads",
        ["Callers__blog__CredentialsPerMinute"] = "1",
        ["Webhooks__hooks__Url"] = $"{Webhooks.BaseUrl}{WebhookPath}?token=webhook-query-secret",
        ["Webhooks__hooks__Secret"] = WebhookApp.Secret,
        ["Webhooks__hooks__AllowHttp"] = "true",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"deployment.environment.name=test,planted={Planted}",
    };

    public override async ValueTask InitializeAsync()
    {
        Receiver = await ReceiverAsync();
        Webhooks = await WebhookReceiver.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Webhooks.DisposeAsync();
        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task<OtlpReceiver> ReceiverAsync() => OtlpReceiver.StartAsync();

    /// <summary>Waits until a trace has spans of all these names, and gives all its spans.</summary>
    public Task<IReadOnlyList<Span>> TraceAsync(string trace, params IEnumerable<string> names) => EventuallyAsync(() =>
    {
        IReadOnlyList<Span> spans = [.. Receiver.Spans().Where(span => span.Trace == trace)];
        return Task.FromResult(names.All(name => spans.Any(span => span.Name == name)) ? spans : null);
    });
}
