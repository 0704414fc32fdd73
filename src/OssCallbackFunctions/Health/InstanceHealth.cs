using System.Text.Json.Serialization;
using OssCallbackFunctions.OssKeys;

namespace OssCallbackFunctions.Health;

/// <summary>Whether an instance can work.</summary>
/// <param name="Status">healthy, or unhealthy.</param>
/// <param name="OssKey">Where the key comes from that signs for OSS.</param>
public sealed record InstanceHealth(string Status, OssKeyMode OssKey)
{
    internal const string Healthy = "healthy";

    internal const string Unhealthy = "unhealthy";

    [JsonIgnore]
    internal bool IsHealthy => Status == Healthy;
}

/// <summary>What the doctor found.</summary>
/// <param name="State">The worst of the findings.</param>
/// <param name="At">When.</param>
/// <param name="OssKey">The key that signs for OSS.</param>
/// <param name="Findings">All of them, the worst first.</param>
public sealed record Diagnosis(FindingState State, DateTimeOffset At, OssKeyFacts OssKey, IReadOnlyList<Finding> Findings);

/// <summary>What may be told of the key that signs for OSS.</summary>
/// <param name="Mode">Where it comes from.</param>
/// <param name="Role">The role it is of; null: it is used as it is.</param>
/// <param name="IdEnding">Last letters of its id; null: there is none.</param>
/// <param name="Expires">When it ends; null: it does not, or nobody knows.</param>
/// <param name="LastError">Why the last attempt brought none; null: it did.</param>
public sealed record OssKeyFacts(OssKeyMode Mode, string? Role, string? IdEnding, DateTimeOffset? Expires, string? LastError);

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">Stable name, snake case.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What to do; null: nothing.</param>
public sealed record Finding(string Check, FindingState State, string Detail, string? Fix = null)
{
    /// <summary>The command that prints what has to be set on the side of Alibaba Cloud, for a fix to name.</summary>
    internal static string Printed(string part) => $"'dotnet run --project src/Sandbox -- alibaba --part {part}'";

    internal static Finding Ok(string check, string detail) => new(check, FindingState.Ok, detail);

    internal static Finding Unknown(string check, string detail, string fix) => new(check, FindingState.Unknown, detail, fix);

    internal static Finding Warning(string check, string detail, string fix) => new(check, FindingState.Warning, detail, fix);

    internal static Finding Error(string check, string detail, string fix) => new(check, FindingState.Error, detail, fix);
}

/// <summary>How something is, from good to bad.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
public enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It could not be looked at.</summary>
    Unknown,

    /// <summary>It works, and should be otherwise.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}

[JsonSerializable(typeof(InstanceHealth))]
[JsonSerializable(typeof(Diagnosis))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
internal sealed partial class HealthJson : JsonSerializerContext;
