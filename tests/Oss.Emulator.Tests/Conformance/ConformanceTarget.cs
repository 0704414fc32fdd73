using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>What the suite runs against: an endpoint, a bucket, its region and a key. A test has nothing else to lean on.</summary>
internal abstract class ConformanceTarget(OssEndpoint endpoint, string bucket, string region, AccessKey key) : IAsyncDisposable
{
    public OssEndpoint Endpoint { get; } = endpoint;

    public string Bucket { get; } = bucket;

    public string Region { get; } = region;

    public AccessKey Key { get; } = key;

    /// <summary>The names of the targets that there are: the emulator always, by its address and by a host name, a real bucket where the environment names one.</summary>
    public static IReadOnlyList<string> Names(Func<string, string?> environment) =>
        [EmulatorTarget.Name, EmulatorTarget.NameByHost, .. RealBucketTarget.IsAskedFor(environment) ? new[] { RealBucketTarget.Name } : []];

    public static async Task<ConformanceTarget> StartAsync(string name) => name switch
    {
        EmulatorTarget.Name => await EmulatorTarget.LaunchAsync(hostName: null),
        EmulatorTarget.NameByHost => await EmulatorTarget.LaunchAsync(EmulatorTarget.HostName),
        RealBucketTarget.Name => RealBucketTarget.From(Environment.GetEnvironmentVariable),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such target."),
    };

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
