using System.Globalization;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>
/// Instances are killed at random points, callbacks are dropped, doubled, delayed, reordered, forged and altered, OSS fails and is slow: each object that is stored is told of under one id.
/// EXACTLY_ONCE_SEED repeats a plan, EXACTLY_ONCE_UPLOADS makes it longer.
/// </summary>
public sealed class ExactlyOnceTests(ChaosApp app, ITestOutputHelper output) : IClassFixture<ChaosApp>
{
    private const int Uploads = 1100;

    [Fact]
    public async Task Every_stored_object_has_one_event_id_whatever_is_killed_lost_doubled_or_late()
    {
        var seed = Number("EXACTLY_ONCE_SEED") ?? Random.Shared.Next();
        var plan = ChaosPlan.Make(seed, Number("EXACTLY_ONCE_UPLOADS") ?? Uploads);
        var run = new ChaosRun(app, seed, plan);
        output.WriteLine($"EXACTLY_ONCE_SEED={seed}");
        var wrong = new List<string>();
        try
        {
            await run.RunAsync();
            wrong.AddRange(await new Findings(app, run, plan).WrongAsync(output));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"With EXACTLY_ONCE_SEED={seed}: {e.Message}", e);
        }

        Assert.True(wrong.Count == 0, $"With EXACTLY_ONCE_SEED={seed}:{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
