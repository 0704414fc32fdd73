using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.DeadLetters;

namespace OssCallbackFunctions.Tests.BulkUploads;

/// <summary>The bulk upload engine in the test's own process, with real storage and a real OSS, so that its steps can be called one by one and time can be staged.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="app">Where storage and OSS are.</param>
    /// <param name="settings">Settings that differ from the app's.</param>
    public Engine(RunningApp app, params IEnumerable<(string Name, string Value)> settings)
        : this(app, null, settings)
    {
    }

    /// <param name="app">Where storage and OSS are.</param>
    /// <param name="clock">The time of the engine; its timers must be real.</param>
    /// <param name="settings">Settings that differ from the app's.</param>
    public Engine(RunningApp app, TimeProvider? clock, params IEnumerable<(string Name, string Value)> settings)
    {
        var all = app.Stack.Settings.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value);
        // Nobody serves it: callbacks fail, and the objects stay.
        all["Callbacks:PublicBaseUrl"] = "http://127.0.0.1:1";
        foreach (var (name, value) in settings)
        {
            all[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration);
        _services = (clock is null ? services : services.AddSingleton(clock)).BuildServiceProvider();
    }

    /// <summary>Any part of the app.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public DeadLetterIntake DeadLetters => _services.GetRequiredService<DeadLetterIntake>();

    public DeadLetterMetrics DeadLetterMetrics => _services.GetRequiredService<DeadLetterMetrics>();

    public BulkUploadRunner Runner => _services.GetRequiredService<BulkUploadRunner>();

    public BulkUploadRecords Records => _services.GetRequiredService<BulkUploadRecords>();

    public UploadObjects Objects => _services.GetRequiredService<UploadObjects>();

    public UploadPages Pages => _services.GetRequiredService<UploadPages>();

    /// <summary>Slices by a clock of their own; OSS has the real one.</summary>
    public SliceTransfer Slices(TimeProvider clock) => ActivatorUtilities.CreateInstance<SliceTransfer>(_services, clock);

    /// <summary>Objects are carried by a clock of their own; OSS has the real one.</summary>
    public ObjectCarrier Carrier(TimeProvider clock) => ActivatorUtilities.CreateInstance<ObjectCarrier>(_services, clock);

    /// <summary>The functions of the work queues; what they send is carried out by the app that runs beside this.</summary>
    public BulkUploadWorkFunctions Functions(TimeProvider clock) => ActivatorUtilities.CreateInstance<BulkUploadWorkFunctions>(_services, clock);

    public BulkUploadPlanner Planner => _services.GetRequiredService<BulkUploadPlanner>();

    /// <summary>A job of one file of so many parts of 100 KB, the last of them a byte short.</summary>
    public static (BulkUploadJob Job, string Id) NewJob(RunningApp app, int parts)
    {
        var name = $"{Guid.NewGuid():N}.bin";
        File.WriteAllBytes(Path.Combine(app.Stack.SourceFolder, name), RandomNumberGenerator.GetBytes(102_400 * parts - 1));
        return (new BulkUploadJob { Source = new BulkUploadSource { File = name }, Key = RunningApp.NewKey() }, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Carries out a message, and gives those that follow, whether they were sent at once or at its end.</summary>
    public async Task<List<BulkUploadTask>> RunAsync(BulkUploadTask task)
    {
        var sent = new List<BulkUploadTask>();
        var step = await Runner.RunAsync(
            task,
            next =>
            {
                sent.Add(next);
                return Task.CompletedTask;
            },
            default);
        return [.. sent, .. step is UploadStep.Continue more ? more.Tasks : []];
    }

    /// <summary>Plans a job and carries out messages until one of a kind is due: those of it, and what else is left.</summary>
    public async Task<List<T>> RunUntilAsync<T>(string id, BulkUploadJob job)
        where T : BulkUploadTask
    {
        var left = new Queue<BulkUploadTask>(Assert.IsType<UploadStep.Continue>(await Planner.PlanAsync(id, job, default)).Tasks);
        while (left.Count > 0 && !left.Any(task => task is T))
        {
            foreach (var next in await RunAsync(left.Dequeue()))
            {
                left.Enqueue(next);
            }
        }

        return [.. left.OfType<T>()];
    }

    /// <summary>Carries out messages until none is left, but for those that wait for a later time.</summary>
    public async Task RunAllAsync(params IEnumerable<BulkUploadTask> tasks)
    {
        var left = new Queue<BulkUploadTask>(tasks);
        while (left.TryDequeue(out var next))
        {
            foreach (var task in await RunAsync(next))
            {
                if (task is not ForgetTask)
                {
                    left.Enqueue(task);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
