using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Oss.Emulator.Access;

/// <summary>What the conditions of a policy can ask about a request.</summary>
/// <param name="Time">When the request came.</param>
internal sealed record PolicyContext(DateTimeOffset Time)
{
    /// <summary>The condition keys that can be asked for.</summary>
    public static readonly IReadOnlySet<string> Keys = new HashSet<string>(StringComparer.Ordinal)
    {
        "acs:SourceIp", "acs:SecureTransport", "acs:CurrentTime", "acs:UserAgent", "oss:Prefix", "oss:Delimiter", "oss:x-oss-object-acl",
    };

    public IPAddress? SourceIp { get; init; }

    public bool IsSecure { get; init; }

    public string? UserAgent { get; init; }

    public string? Prefix { get; init; }

    public string? Delimiter { get; init; }

    public string? ObjectAcl { get; init; }

    /// <summary>What there is to know about a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">OSS's name of what it asks for.</param>
    /// <param name="parameter">Finds a query parameter.</param>
    /// <param name="header">Finds a header, or the field of a form that stands for it.</param>
    /// <param name="now">The emulator's time.</param>
    public static PolicyContext Of(HttpContext http, string operation, Func<string, string?> parameter, Func<string, string?> header, DateTimeOffset now)
    {
        // A listing without a prefix is one with an empty prefix: policies allow it by naming "".
        var lists = operation.StartsWith("List", StringComparison.Ordinal);
        return new PolicyContext(now)
        {
            SourceIp = http.Connection.RemoteIpAddress,
            IsSecure = http.Request.IsHttps,
            UserAgent = http.Request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null,
            Prefix = lists ? parameter("prefix") ?? "" : null,
            Delimiter = lists ? parameter("delimiter") ?? "" : null,
            ObjectAcl = header("x-oss-object-acl"),
        };
    }

    /// <summary>The value behind a condition key; null when the request has none.</summary>
    public string? Find(string key) => key switch
    {
        "acs:SourceIp" => SourceIp?.ToString(),
        "acs:SecureTransport" => IsSecure ? "true" : "false",
        "acs:CurrentTime" => Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        "acs:UserAgent" => UserAgent,
        "oss:Prefix" => Prefix,
        "oss:Delimiter" => Delimiter,
        "oss:x-oss-object-acl" => ObjectAcl,
        _ => null,
    };
}
