namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>An app that exports by gRPC, which is the default, and of traces those alone that others have begun and want.</summary>
public sealed class SamplingApp : ExportingApp
{
    protected override Dictionary<string, string> Settings => new(base.Settings.Where(setting => setting.Key != "OTEL_EXPORTER_OTLP_PROTOCOL"))
    {
        ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
        ["OTEL_TRACES_SAMPLER_ARG"] = "0",
    };

    protected override Task<OtlpReceiver> ReceiverAsync() => OtlpReceiver.StartAsync(grpc: true);
}
