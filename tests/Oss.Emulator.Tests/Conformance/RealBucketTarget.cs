using System.Text.RegularExpressions;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>A bucket of a real account, or of anything else that speaks OSS, as the environment names it.</summary>
internal sealed partial class RealBucketTarget : ConformanceTarget
{
    public const string Name = "real bucket";

    private const string EndpointVariable = "OSS_TEST_ENDPOINT";
    private const string BucketVariable = "OSS_TEST_BUCKET";
    private const string RegionVariable = "OSS_TEST_REGION";
    private const string KeyIdVariable = "OSS_ACCESS_KEY_ID";
    private const string KeySecretVariable = "OSS_ACCESS_KEY_SECRET";
    private const string TokenVariable = "OSS_SESSION_TOKEN";

    private RealBucketTarget(OssEndpoint endpoint, string bucket, string region, AccessKey key)
        : base(endpoint, bucket, region, key)
    {
    }

    /// <summary>
    /// Whether the environment means a bucket to be tested. The names of the credentials alone do not say so: they are the SDKs' own, and are set where nobody thinks of these tests.
    /// </summary>
    public static bool IsAskedFor(Func<string, string?> environment) =>
        new[] { EndpointVariable, BucketVariable, RegionVariable }.Any(name => !string.IsNullOrEmpty(environment(name)));

    /// <exception cref="InvalidOperationException">A variable is missing; the message names it.</exception>
    public static RealBucketTarget From(Func<string, string?> environment)
    {
        string Required(string name) => environment(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"The environment asks for tests against a real bucket, but {name} is not set.");

        var endpoint = OssEndpoint.Parse(Required(EndpointVariable));
        var bucket = Required(BucketVariable);
        var key = new AccessKey(Required(KeyIdVariable), Required(KeySecretVariable), environment(TokenVariable) is { Length: > 0 } token ? token : null);
        var region = RegionOf(new Uri(endpoint.ToString()).Host) is { } named && string.IsNullOrEmpty(environment(RegionVariable)) ? named : Required(RegionVariable);
        return new(endpoint, bucket, region, key);
    }

    /// <summary>The region in the host names of OSS; accelerated ones have none.</summary>
    private static string? RegionOf(string host)
    {
        var match = HostName().Match(host);
        return match.Success && !match.Groups["region"].Value.StartsWith("accelerate", StringComparison.Ordinal) ? match.Groups["region"].Value : null;
    }

    [GeneratedRegex(@"^(oss-(?<region>[a-z0-9-]+?)(-internal)?|(?<region>[a-z0-9-]+)\.oss)\.aliyuncs\.com$")]
    private static partial Regex HostName();
}
