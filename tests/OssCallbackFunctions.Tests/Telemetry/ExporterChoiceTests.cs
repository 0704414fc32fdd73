using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OssCallbackFunctions.Telemetry;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>What is gathered at all, by the variables that say where it goes. Nothing is sent.</summary>
public sealed class ExporterChoiceTests
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1";
    private const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:1/";

    [Theory]
    [InlineData("")]
    [InlineData("traces metrics logs", Collector)]
    [InlineData("traces metrics logs", Insights)]
    [InlineData("traces metrics logs", Insights, Collector)]
    [InlineData("traces", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1/v1/traces")]
    [InlineData("metrics", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:1/v1/metrics")]
    [InlineData("logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://127.0.0.1:1/v1/logs")]
    [InlineData("traces logs", Collector, "OTEL_METRICS_EXPORTER=none")]
    [InlineData("metrics", Insights, "OTEL_TRACES_EXPORTER=none", "OTEL_LOGS_EXPORTER=none")]
    [InlineData("", Insights, Collector, "OTEL_SDK_DISABLED=true")]
    [InlineData("traces metrics logs", Collector, "OTEL_SDK_DISABLED=false")]
    public void What_goes_nowhere_is_not_gathered(string gathered, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration);
        (string Signal, Type Provider)[] providers = [("traces", typeof(TracerProvider)), ("metrics", typeof(MeterProvider)), ("logs", typeof(LoggerProvider))];
        Assert.Equal(gathered, string.Join(' ', providers.Where(one => services.Any(service => service.ServiceType == one.Provider)).Select(one => one.Signal)));
        Assert.Equal(gathered.Contains("metrics", StringComparison.Ordinal), services.Any(service => service.ImplementationType == typeof(StateWatch)));
    }
}
