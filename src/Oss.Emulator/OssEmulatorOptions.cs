using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Access;
using Oss.Emulator.Cors;
using Oss.Protocol;

namespace Oss.Emulator;

/// <summary>What an emulator is started with.</summary>
public sealed class OssEmulatorOptions
{
    /// <summary>Region id of all buckets; credentials must name it.</summary>
    public string Region { get; init; } = "cn-hangzhou";

    /// <summary>The buckets; those not in the data folder yet are created.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = ["examplebucket"];

    /// <summary>The keys that may sign. Without one every request is refused.</summary>
    public IReadOnlyList<AccessKey> AccessKeys { get; init; } = [];

    /// <summary>Whether V1 signatures are accepted. OSS refuses them for buckets made since September 2025.</summary>
    public bool AcceptsSignatureV1 { get; init; } = true;

    /// <summary>Where objects, open uploads and the callback key are kept. One emulator at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>TCP port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>TCP port for https, with a certificate that the emulator makes itself; 0 takes a free one, null: no https.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>TCP port for STS, which lends temporary keys; 0 takes a free one, null: no STS.</summary>
    public int? StsPort { get; init; }

    /// <summary>RAM policies by id of an access key: what its holder may do. A key without one may do everything.</summary>
    public IReadOnlyDictionary<string, string> AccessKeyPolicies { get; init; } = new Dictionary<string, string>();

    /// <summary>RAM policies by role (<c>acs:ram::ACCOUNT:role/NAME</c>): the roles there are, and what each may do. Null or empty: every role exists and may do everything.</summary>
    public IReadOnlyDictionary<string, string>? RolePolicies { get; init; }

    /// <summary>
    /// Host name whose subdomains are buckets; null: <c>oss-REGION.localhost</c>. OSS's own names (<c>bucket.oss-cn-hangzhou.aliyuncs.com</c>) are understood as well; requests to IP
    /// addresses and other hosts are path style.
    /// </summary>
    public string? EndpointName { get; init; }

    /// <summary>Custom domains (CNAME): host name, without port, to bucket.</summary>
    public IReadOnlyDictionary<string, string> CustomDomains { get; init; } = new Dictionary<string, string>();

    /// <summary>CORS rules, at most ten, of each of <see cref="Buckets"/> that has none of its own.</summary>
    public IReadOnlyList<CorsRule> CorsRules { get; init; } = [];

    /// <summary>The time that signatures, policies and objects are dated by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What the draws of injected faults go by: with the same seed the same matches are hit.</summary>
    public long FaultSeed { get; init; }

    /// <summary>Adds log providers; null: no logs.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Certificates that callback servers on https may have, or have theirs from, beside those that this machine trusts.</summary>
    public IReadOnlyList<X509Certificate2> CallbackTrustedCertificates { get; init; } = [];

    /// <summary>Time a callback URL has for its whole answer; wall clock.</summary>
    internal TimeSpan CallbackTimeout { get; init; } = OssLimits.CallbackTimeout;

    /// <summary>What injected delays and traffic limits go by. Not <see cref="Clock"/>: clients would wait for a clock that a test holds still.</summary>
    internal TimeProvider PaceClock { get; init; } = TimeProvider.System;

    internal string EndpointHost => EndpointName ?? $"oss-{Region}.localhost";

    /// <summary>Names the first setting that cannot be.</summary>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Region) || Region.StartsWith("oss-", StringComparison.Ordinal))
        {
            throw new ArgumentException($"Region '{Region}' is no region id such as cn-hangzhou.");
        }

        if (Buckets.FirstOrDefault(bucket => !ObjectKey.IsValidBucket(bucket)) is { } invalid)
        {
            throw new ArgumentException($"Bucket '{invalid}' is no bucket name: 3 to 63 of a-z, 0-9 and hyphen, with a letter or digit at both ends.");
        }

        if (AccessKeys.GroupBy(key => key.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"AccessKey id '{twice.Key}' is given twice.");
        }

        foreach (var port in (int?[])[Port, HttpsPort, StsPort])
        {
            if (port is < 0 or > 65535)
            {
                throw new ArgumentException($"Port {port} is no TCP port.");
            }
        }

        foreach (var (host, bucket) in CustomDomains)
        {
            if (Uri.CheckHostName(host) != UriHostNameType.Dns || !ObjectKey.IsValidBucket(bucket))
            {
                throw new ArgumentException($"Custom domain '{host}' of bucket '{bucket}': a host name, without port, and a bucket name are needed.");
            }
        }

        CorsAtStart.Check(this);
        _ = new RamPolicies(this);
    }
}
