using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Oss.Protocol;

namespace Benchmarks;

/// <summary>The checksum of 1 MiB, by carry-less multiplication and by tables.</summary>
[MemoryDiagnoser]
[Config(typeof(Throughput))]
public class Crc64Benchmarks
{
    private const int Size = 1024 * 1024;

    private readonly byte[] _data = new byte[Size];

    // CA5394: any bytes will do.
#pragma warning disable CA5394
    [GlobalSetup]
    public void Prepare() => new Random(1).NextBytes(_data);
#pragma warning restore CA5394

    [Benchmark(Baseline = true)]
    public ulong Tables() => ~Crc64.AppendTables(~0UL, _data);

    [Benchmark]
    public ulong Accelerated() => Crc64.Append(0, _data);

    private sealed class Throughput : ManualConfig
    {
        public Throughput() => AddColumn(new GigabytesPerSecond());
    }

    /// <summary>Bytes per nanosecond are GB per second.</summary>
    private sealed class GigabytesPerSecond : IColumn
    {
        public string Id => nameof(GigabytesPerSecond);

        public string ColumnName => "GB/s";

        public string Legend => "10^9 bytes per second, one thread";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics ? (Size / statistics.Mean).ToString("0.0", summary.GetCultureInfo()) : "?";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
