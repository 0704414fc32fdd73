using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>A row of data for each target that there is: its name, and what else the test takes. Without a real bucket there is no row for one, so no test either.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnEachTargetAttribute(params object?[]? arguments) : DataAttribute
{
    public IReadOnlyList<object?> Arguments { get; } = arguments ?? [null];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. ConformanceTarget.Names(Environment.GetEnvironmentVariable).Select(name => new TheoryDataRow([name, .. Arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
