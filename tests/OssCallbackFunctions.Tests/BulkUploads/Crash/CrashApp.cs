using Sandbox;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>Three instances of an app whose messages are short, and which forgets its jobs soon: the queues are empty in the end.</summary>
public sealed class CrashApp : RunningApp
{
    /// <summary>
    /// Messages on a queue that an instance is at, at most: so many lanes die with it, each with a part that it was sending. The next batch is taken when half of this one is left, as
    /// host.json says.
    /// </summary>
    public const int LanesOfInstance = 6;

    private const int Others = 2;

    public IReadOnlyList<AppProcess> Instances { get; private set; } = [];

    protected override Dictionary<string, string> Settings => new()
    {
        ["BulkUploads__PartsInParallel"] = "1",
        // Lanes are handed from message to message, which is where one might come apart.
        ["BulkUploads__SliceBudget"] = "00:00:03",
        ["Retention__Records"] = "00:00:20",
        ["Retention__AllowShort"] = "true",
    };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var instances = new List<AppProcess> { Stack.App };
        for (var i = 0; i < Others; i++)
        {
            instances.Add(await Stack.StartAnotherAppAsync());
        }

        Instances = instances;
    }
}
