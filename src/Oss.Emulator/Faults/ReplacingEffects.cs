using System.Text.Json.Serialization;
using Oss.Protocol;

namespace Oss.Emulator.Faults;

/// <summary>OSS refuses, instead of carrying the operation out; the body is not read. Of several refusals the fault that was added first has its way.</summary>
/// <param name="Message">The message.</param>
public sealed record ErrorEffect(string Message = "A fault was asked for.") : FaultEffect(Name)
{
    internal const string Name = "error";

    /// <summary>OSS's code, such as <c>InternalError</c>.</summary>
    public required string Code { get; init; }

    /// <summary>HTTP status, 400 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>An error with one of OSS's codes and its status.</summary>
    public static ErrorEffect Of(OssErrorCode code) => new() { Code = code.Code, Status = code.HttpStatus };

    internal override void Validate()
    {
        Fault.Require(Code.Length > 0, "code is empty.");
        Fault.Require(Status is >= 400 and <= 599, "status must be between 400 and 599.");
    }

    internal override void AddTo(RequestPlan plan, double place) => plan.Refusal ??= new OssException(new OssError(new OssErrorCode(Code, Status), Message));
}

/// <summary>OSS refuses because too much is asked of it, and says in <c>x-oss-qos-delay-time</c> for how long.</summary>
/// <param name="Code">One of OSS's throttling codes, such as <c>UploadTrafficRateLimitExceeded</c> (503) or <c>QpsLimitExceeded</c> (429).</param>
public sealed record ThrottleEffect(string Code = "ServiceUnavailable") : FaultEffect(Name)
{
    internal const string Name = "throttle";

    // Source: OSS documentation, "503 error", "429 error" and the EC pages.
    private static readonly Dictionary<string, (int Status, string Message, string? Ec)> Codes = new(StringComparer.Ordinal)
    {
        ["DownloadTrafficRateLimitExceeded"] = (503, "Please reduce your download request traffic", null),
        ["UploadTrafficRateLimitExceeded"] = (503, "Please reduce your upload request traffic", null),
        ["MetaOperationQpsLimitExceeded"] = (503, "Qps limit for the meta operation is exceeded", null),
        ["TotalQpsLimitExceeded"] = (503, "Max total qps limit is exceeded", null),
        ["ServiceUnavailable"] = (503, "Thread pool is almost full, please retry later", null),
        ["ActiveRequestLimitExceeded"] = (503, "Max active request limit is exceeded", "0004-00000601"),
        ["CpuLimitExceeded"] = (503, "Please reduce your request rate", "0004-00000801"),
        ["QpsLimitExceeded"] = (429, "Please reduce your request rate.", null),
    };

    /// <summary>What <c>x-oss-qos-delay-time</c> says, in milliseconds; null: 1000. Nothing is delayed.</summary>
    [JsonPropertyName("milliseconds")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Delay { get; init; }

    internal override void Validate()
    {
        Fault.Require(Codes.ContainsKey(Code), $"code must be one of {string.Join(", ", Codes.Keys)}.");
        Fault.Require(Delay is null || Delay >= TimeSpan.Zero, "milliseconds must not be negative.");
    }

    internal override void AddTo(RequestPlan plan, double place)
    {
        if (plan.Refusal is null)
        {
            var (status, message, ec) = Codes[Code];
            plan.Refusal = new OssException(new OssError(new OssErrorCode(Code, status), message, ec));
            plan.QosDelay = Delay ?? TimeSpan.FromSeconds(1);
        }
    }
}

/// <summary>Time passes, by the wall clock, before anything else happens to the request. Several delays add up.</summary>
public sealed record DelayEffect() : FaultEffect(Name)
{
    internal const string Name = "delay";

    /// <summary>How long; in JSON <c>milliseconds</c>.</summary>
    [JsonPropertyName("milliseconds")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Duration { get; init; }

    internal override void Validate() => Fault.Require(Duration > TimeSpan.Zero && Duration <= TimeSpan.FromDays(1), "milliseconds must be positive, at most a day.");

    internal override void AddTo(RequestPlan plan, double place) => plan.Delay += Duration;
}
