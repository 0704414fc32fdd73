using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OssCallbackFunctions.Telemetry;

internal static class TelemetryRegistration
{
    private const string ServiceName = "service.name";

    /// <summary>Activities and measurements of HTTP requests that go out.</summary>
    private const string Http = "System.Net.Http";

    private const string Runtime = "System.Runtime";

    /// <summary>Exports what is traced, measured and logged, if there is anywhere to export it to.</summary>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetryOptions>().Configure(options => options.ReadFrom(configuration)).ValidateDataAnnotations().ValidateOnStart();
        var options = TelemetryOptions.From(configuration);
        if (options.Validate(new(options)).Any())
        {
            // The start stops at them, with their names.
            return;
        }

        var signals = Enum.GetValues<TelemetrySignal>().Where(options.Has).ToList();
        if (signals.Count == 0)
        {
            return;
        }

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, configuration));
        if (signals.Contains(TelemetrySignal.Traces))
        {
            telemetry.WithTracing(traces => traces.AddSource(AppTrace.Source, AppTrace.WorkerSource, Http).AddProcessor(new RedactedSpans()).Export(options));
        }

        if (signals.Contains(TelemetrySignal.Metrics))
        {
            telemetry.WithMetrics(metrics => metrics.AddMeter(AppMeter.Name, Http, Runtime).Export(options));
            services.AddSingleton<StateMetrics>();
            services.AddHostedService<StateWatch>();
        }

        if (signals.Contains(TelemetrySignal.Logs))
        {
            telemetry.WithLogging(logs => logs.AddProcessor(new RedactedLogs()).Export(options), log => log.IncludeFormattedMessage = true);
            // So that the host does not export what the worker logs once more.
            services.Configure<WorkerOptions>(worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
        }
    }

    // What the environment says of the service stands.
    private static void Describe(ResourceBuilder resource, IConfiguration configuration)
    {
        var said = (configuration["OTEL_RESOURCE_ATTRIBUTES"] ?? "").Split(',', StringSplitOptions.TrimEntries).Select(pair => pair.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"]))
        {
            said.Add(ServiceName);
        }

        var own = new Dictionary<string, object>
        {
            [ServiceName] = "oss-callback-functions",
            ["service.version"] = typeof(TelemetryRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ["service.instance.id"] = Guid.NewGuid().ToString(),
        };
        resource.AddAttributes(own.Where(attribute => !said.Contains(attribute.Key)));
    }
}
