using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>A fresh emulator in a folder of its own, on the real clock: path style by its address, or virtual host style, as OSS is, by a host name.</summary>
internal sealed class EmulatorTarget : ConformanceTarget
{
    public const string Name = "emulator";
    public const string NameByHost = "emulator by host name";
    public const string HostName = "oss-cn-hangzhou.localhost";

    private readonly OssEmulator _emulator;
    private readonly DirectoryInfo _folder;

    private EmulatorTarget(OssEmulator emulator, DirectoryInfo folder, string? hostName)
        : base(OssEndpoint.Parse(hostName is null ? emulator.Endpoint : $"http://{hostName}:{new Uri(emulator.Endpoint).Port}"), TestOss.BucketName, "cn-hangzhou", TestOss.Key)
    {
        _emulator = emulator;
        _folder = folder;
    }

    public static async Task<EmulatorTarget> LaunchAsync(string? hostName)
    {
        var folder = Directory.CreateTempSubdirectory("oss-conformance-");
        var options = new OssEmulatorOptions { DataFolder = folder.FullName, AccessKeys = [TestOss.Key], Buckets = [TestOss.BucketName], EndpointName = hostName };
        return new(await OssEmulator.StartAsync(options), folder, hostName);
    }

    public override async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
