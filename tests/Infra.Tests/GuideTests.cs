using System.Text.RegularExpressions;
using Sandbox;

namespace Infra.Tests;

/// <summary>What people and azd go by is there.</summary>
public sealed partial class GuideTests(Deployment deployment)
{
    private static readonly string Guide = Read("infra", "README.md");

    [Fact]
    public void The_guide_names_every_variable_that_the_parameters_read() =>
        Assert.All(ParameterFile.Variables, variable => Assert.Matches($@"\b{variable}\b", Guide));

    [Fact]
    public void Azd_and_the_guide_ask_for_outputs_that_there_are()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var asked = Output().Matches(Read("azure.yaml") + Guide).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(asked);
        Assert.Superset(asked, deployment.Template["outputs"]!.AsObject().Select(output => output.Key).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_is_in_the_guide() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.bicep*", SearchOption.AllDirectories),
        file => Assert.Contains(Path.GetFileName(file), Guide, StringComparison.Ordinal));

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    [GeneratedRegex(@"(?:\$\{|\boutput |get-value )([A-Z_]+)")]
    private static partial Regex Output();
}
