using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OssCallbackFunctions.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>The page that lists what is measured and traced has all of it, and nothing else.</summary>
public sealed partial class TelemetryPageTests
{
    private static readonly Type[] Types = typeof(Registration).Assembly.GetTypes();

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "src", "OssCallbackFunctions", "Telemetry", "README.md"));

    [Fact]
    public void Every_metric_is_listed_with_its_kind_and_unit()
    {
        var instruments = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == AppMeter.Name)
                {
                    instruments[instrument.Name] = $"{instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal)}, `{instrument.Unit}`".ToLowerInvariant();
                    Assert.False(string.IsNullOrEmpty(instrument.Description));
                }
            },
        };
        listener.Start();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).BuildServiceProvider();
        foreach (var type in Types.Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal)))
        {
            Assert.NotNull(services.GetRequiredService(type));
        }

        Assert.NotEmpty(instruments);
        Assert.Equal(
            instruments.Select(instrument => $"{instrument.Key}: {instrument.Value}").Order(StringComparer.Ordinal),
            MetricRow().Matches(Page).Select(row => $"{row.Groups[1].Value}: {row.Groups[2].Value.ToLowerInvariant()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_span_is_listed()
    {
        // Names of spans and of their attributes are the constants of the classes that begin them.
        var known = Types.Where(type => type.Name.EndsWith("Trace", StringComparison.Ordinal)).SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field is { IsLiteral: true } && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!).Concat(BulkTrace.Tasks.Values).ToHashSet(StringComparer.Ordinal);
        Assert.All(known, name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
        var listed = SpanRow().Matches(Page).SelectMany(row => Quoted().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value).ToList();
        Assert.Contains("upload.credential", listed);
        Assert.All(listed, name => Assert.Contains(name, known));
        Assert.Equal(Types.Count(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(BulkUploadTask))), BulkTrace.Tasks.Count);
    }

    [GeneratedRegex(@"^\| `([\w.]+)` \| ((?:counter|histogram|gauge), `[^`]+`) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| (`(?:upload|webhook|bulk)\.\w+`(?:, `[\w.]+`)*) \| (?!counter|histogram|gauge)", RegexOptions.Multiline)]
    private static partial Regex SpanRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
