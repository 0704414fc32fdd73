using System.Globalization;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>
/// Instances are killed at random while they carry a job of many objects and one of a large object, and OSS fails one operation in ten. BULK_CRASH_SEED repeats a plan; BULK_CRASH_KILLS,
/// BULK_CRASH_OBJECTS and BULK_CRASH_BYTES make it longer.
/// </summary>
public sealed class CrashTests(CrashApp app, ITestOutputHelper output) : IClassFixture<CrashApp>
{
    private const int Kills = 10;
    private const int Objects = 150;
    private const long Bytes = 2L * 1024 * 1024 * 1024;

    [Fact]
    public async Task Every_object_is_whole_and_told_of_once_and_no_upload_is_left_open_whoever_is_killed()
    {
        var seed = (int?)Number("BULK_CRASH_SEED") ?? Random.Shared.Next();
        output.WriteLine($"BULK_CRASH_SEED={seed}");
        var plan = CrashPlan.Make(seed, (int?)Number("BULK_CRASH_KILLS") ?? Kills, (int?)Number("BULK_CRASH_OBJECTS") ?? Objects, Number("BULK_CRASH_BYTES") ?? Bytes);
        var run = new CrashRun(app, plan);
        var wrong = new List<string>();
        try
        {
            plan.Write(app.Stack.SourceFolder);
            await run.RunAsync();
            wrong.AddRange(await new CrashFindings(app, run, plan).WrongAsync(output));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"With BULK_CRASH_SEED={seed}: {e.Message}", e);
        }

        Assert.True(wrong.Count == 0, $"With BULK_CRASH_SEED={seed}:{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    private static long? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
