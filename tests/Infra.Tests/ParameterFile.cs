using System.Text.RegularExpressions;
using Sandbox;

namespace Infra.Tests;

/// <summary>What <c>main.bicepparam</c> reads from the environment.</summary>
internal static partial class ParameterFile
{
    public static IReadOnlySet<string> Variables { get; } =
        Variable().Matches(File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.bicepparam"))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Variable();
}
