namespace OssCallbackFunctions.Telemetry;

/// <summary>Kinds of telemetry, by the names of the environment variables.</summary>
internal enum TelemetrySignal
{
    /// <summary>Spans.</summary>
    Traces,

    /// <summary>Measurements.</summary>
    Metrics,

    /// <summary>Log records.</summary>
    Logs,
}

/// <summary>What is set for one kind of telemetry alone; it wins over what is set for all.</summary>
/// <param name="exporter"><c>none</c>: it is not exported.</param>
/// <param name="endpoint">Where it goes, to the letter.</param>
/// <param name="protocol"><c>grpc</c> or <c>http/protobuf</c>.</param>
/// <param name="headers">Headers of each request.</param>
internal sealed class SignalSettings(string? exporter = null, string? endpoint = null, string? protocol = null, string? headers = null)
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    public bool IsOff { get; } = string.Equals(exporter, "none", StringComparison.OrdinalIgnoreCase);

    public string Endpoint { get; } = endpoint ?? "";

    public string Protocol { get; } = protocol ?? "";

    public string Headers { get; } = headers ?? "";
}
