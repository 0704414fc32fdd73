namespace Infra.Tests;

public sealed class CompilerTests(Deployment deployment)
{
    [Fact]
    public void Nothing_is_wrong_in_any_file()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Assert.Empty(deployment.Findings);
    }

    [Fact]
    public void Every_file_is_formatted()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Assert.Empty(deployment.Unformatted);
    }

    [Fact]
    public async Task Mistakes_are_found_although_the_compiler_ends_well()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var folder = deployment.Copy("mistakes");
        Replace(folder, "instanceMemoryMB: instanceMemoryMB", "instanceMemoryMb: instanceMemoryMB");
        Replace(folder, "serverfarms@2025-03-01", "serverfarms@2011-01-01");
        Replace(folder, "param zoneRedundant bool", "param zoneRedundant bool\nparam unused string");
        var findings = await BicepCompiler.LintAsync(folder, Deployment.Dev, "main.bicepparam");
        Assert.All(["BCP089", "BCP081", "no-unused-params"], rule => Assert.Contains(findings, finding => finding.Contains(rule, StringComparison.Ordinal)));
    }

    private static void Replace(string folder, string text, string mistake)
    {
        var file = Path.Combine(folder, "modules", "functions.bicep");
        var source = File.ReadAllText(file);
        Assert.Contains(text, source, StringComparison.Ordinal);
        File.WriteAllText(file, source.Replace(text, mistake, StringComparison.Ordinal));
    }
}
