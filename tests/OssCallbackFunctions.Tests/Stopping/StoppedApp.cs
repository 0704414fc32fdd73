using Sandbox;

namespace OssCallbackFunctions.Tests.Stopping;

/// <summary>
/// Two instances that OSS calls back in turn. What a message is hidden for is longer than the test: one that is not handed back by an instance that ends is lost to it.
/// </summary>
public sealed class StoppedApp : RunningApp
{
    public const int MessagesOfInstance = 6;

    private readonly int[] _ports = Ports.Free(2);

    public IReadOnlyList<AppProcess> Instances { get; private set; } = [];

    protected override int? AppPort => _ports[0];

    protected override Dictionary<string, string> Settings => new()
    {
        ["LocalWorker__MessageVisibility"] = "01:00:00",
        ["Callbacks__PublicBaseUrl"] = $"http://127.0.0.1:{_ports[0]}",
        ["Callbacks__FallbackBaseUrls"] = $"http://127.0.0.1:{_ports[1]}",
        ["BulkUploads__PartSize"] = "102400",
        ["BulkUploads__PartsInParallel"] = "1",
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Instances = [Stack.App, await Stack.StartAnotherAppAsync(_ports[1])];
    }
}
