using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OssCallbackFunctions.Telemetry;

/// <summary>Sends each signal where the options say: to an OTLP endpoint, to Application Insights, or to both.</summary>
internal static class Exporters
{
    public static void Export(this TracerProviderBuilder traces, TelemetryOptions options)
    {
        if (options.HasOtlp(TelemetrySignal.Traces))
        {
            traces.AddOtlpExporter(otlp => Address(otlp, options.Of(TelemetrySignal.Traces)));
        }

        if (options.HasApplicationInsights && !options.Of(TelemetrySignal.Traces).IsOff)
        {
            traces.AddAzureMonitorTraceExporter(azure => Address(azure, options), Credential(options));
        }
    }

    public static void Export(this MeterProviderBuilder metrics, TelemetryOptions options)
    {
        if (options.HasOtlp(TelemetrySignal.Metrics))
        {
            metrics.AddOtlpExporter(otlp => Address(otlp, options.Of(TelemetrySignal.Metrics)));
        }

        if (options.HasApplicationInsights && !options.Of(TelemetrySignal.Metrics).IsOff)
        {
            metrics.AddAzureMonitorMetricExporter(azure => Address(azure, options), Credential(options));
        }
    }

    public static void Export(this LoggerProviderBuilder logs, TelemetryOptions options)
    {
        if (options.HasOtlp(TelemetrySignal.Logs))
        {
            logs.AddOtlpExporter(otlp => Address(otlp, options.Of(TelemetrySignal.Logs)));
        }

        if (options.HasApplicationInsights && !options.Of(TelemetrySignal.Logs).IsOff)
        {
            logs.AddAzureMonitorLogExporter(azure => Address(azure, options), Credential(options));
        }
    }

    // What is set for all signals the exporter reads by itself.
    private static void Address(OtlpExporterOptions otlp, SignalSettings own)
    {
        if (own.Endpoint.Length > 0)
        {
            otlp.Endpoint = new Uri(own.Endpoint);
        }

        if (own.Protocol.Length > 0)
        {
            otlp.Protocol = own.Protocol == SignalSettings.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (own.Headers.Length > 0)
        {
            otlp.Headers = own.Headers;
        }
    }

    private static void Address(AzureMonitorExporterOptions azure, TelemetryOptions options) => azure.ConnectionString = options.ConnectionString;

    private static ManagedIdentityCredential? Credential(TelemetryOptions options) => options.ClientId switch
    {
        null => null,
        "" => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        var clientId => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)),
    };
}
