using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace OssCallbackFunctions.Telemetry;

/// <summary>Where telemetry goes, by the names that OpenTelemetry and Application Insights give their environment variables. None of them: nowhere, and nothing is gathered.</summary>
internal sealed class TelemetryOptions : IValidatableObject
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly Dictionary<TelemetrySignal, string> Names = Enum.GetValues<TelemetrySignal>().ToDictionary(signal => signal, signal => signal.ToString().ToUpperInvariant());

    private readonly Dictionary<TelemetrySignal, SignalSettings> _signals = Names.Keys.ToDictionary(signal => signal, _ => new SignalSettings());

    /// <summary>From <c>OTEL_SDK_DISABLED</c>.</summary>
    public bool Disabled { get; private set; }

    /// <summary>From <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>: where all three signals go, each below a path of its own.</summary>
    public string OtlpEndpoint { get; private set; } = "";

    /// <summary>From <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>From <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>: <c>Authorization=AAD</c>, with <c>ClientId=</c> for a user-assigned identity. Empty: the connection string is enough.</summary>
    public string AuthenticationString { get; private set; } = "";

    /// <summary>Whether Application Insights gets telemetry.</summary>
    public bool HasApplicationInsights => !Disabled && ConnectionString.Length > 0;

    /// <summary>Client id of the identity that writes to Application Insights; "": the system-assigned one; null: none is needed.</summary>
    public string? ClientId => AuthenticationString.Length == 0 ? null : Pairs(AuthenticationString).GetValueOrDefault("ClientId", "");

    /// <summary>The settings in a configuration.</summary>
    public static TelemetryOptions From(IConfiguration configuration)
    {
        var options = new TelemetryOptions();
        options.ReadFrom(configuration);
        return options;
    }

    /// <summary>Reads the settings.</summary>
    public void ReadFrom(IConfiguration configuration)
    {
        Disabled = string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        OtlpEndpoint = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
        ConnectionString = configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] ?? "";
        AuthenticationString = configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] ?? "";
        foreach (var (signal, name) in Names)
        {
            _signals[signal] = new SignalSettings(configuration[$"OTEL_{name}_EXPORTER"], configuration[$"OTEL_EXPORTER_OTLP_{name}_ENDPOINT"], configuration[$"OTEL_EXPORTER_OTLP_{name}_PROTOCOL"], configuration[$"OTEL_EXPORTER_OTLP_{name}_HEADERS"]);
        }
    }

    /// <summary>What is set for a signal alone.</summary>
    public SignalSettings Of(TelemetrySignal signal) => _signals[signal];

    /// <summary>Whether a signal goes to an OTLP endpoint.</summary>
    public bool HasOtlp(TelemetrySignal signal) => !Disabled && !_signals[signal].IsOff && (OtlpEndpoint.Length > 0 || _signals[signal].Endpoint.Length > 0);

    /// <summary>Whether a signal goes anywhere.</summary>
    public bool Has(TelemetrySignal signal) => HasOtlp(signal) || (HasApplicationInsights && !_signals[signal].IsOff);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in Names.Select(signal => ($"OTEL_EXPORTER_OTLP_{signal.Value}_ENDPOINT", _signals[signal.Key].Endpoint)).Prepend((Endpoint, OtlpEndpoint)))
        {
            // Not repeated: it may have a token in it.
            if (value.Length > 0 && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)))
            {
                yield return new ValidationResult($"{name} is no http or https URL.");
            }
        }

        foreach (var (signal, name) in Names)
        {
            if (_signals[signal].Protocol is not ("" or SignalSettings.Grpc or SignalSettings.HttpProtobuf))
            {
                yield return new ValidationResult($"OTEL_EXPORTER_OTLP_{name}_PROTOCOL is '{_signals[signal].Protocol}': expected {SignalSettings.Grpc} or {SignalSettings.HttpProtobuf}.");
            }
        }

        if (ConnectionString.Length > 0 && !Guid.TryParse(Pairs(ConnectionString).GetValueOrDefault("InstrumentationKey"), out _))
        {
            yield return new ValidationResult("APPLICATIONINSIGHTS_CONNECTION_STRING is no connection string of Application Insights: expected InstrumentationKey=...;IngestionEndpoint=....");
        }

        if (AuthenticationString.Length > 0 && !"AAD".Equals(Pairs(AuthenticationString).GetValueOrDefault("Authorization"), StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult("APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be Authorization=AAD, or ClientId=...;Authorization=AAD.");
        }
    }

    private static Dictionary<string, string> Pairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            pairs[name] = value;
        }

        return pairs;
    }
}
