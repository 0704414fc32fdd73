using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>The Bicep compiler: the package's where there is one, else <c>bicep</c> of the PATH.</summary>
internal static class BicepCompiler
{
    public const string Missing = "No Bicep compiler: on this platform it has to be installed (aka.ms/bicep-install) and on the PATH.";

    private static readonly string? Packaged =
        typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "Bicep")?.Value;

    /// <summary>Its path; null where it is missing and may be.</summary>
    public static string? Path { get; } = Packaged ?? OnPath();

    /// <summary>What lint says of files, as <c>file(line): rule: text</c>. Its exit code says nothing: type errors are warnings.</summary>
    /// <param name="folder">Where to run it.</param>
    /// <param name="environment">What parameter files read.</param>
    /// <param name="file">What to read, with all that it uses.</param>
    public static async Task<IReadOnlyList<string>> LintAsync(string folder, IReadOnlyDictionary<string, string> environment, string file)
    {
        var (output, errors, _) = await RunAsync(folder, environment, ["lint", "--diagnostics-format", "sarif", file]);
        return output.Length > 0 ? Read(output) : [$"no report: {errors}"];
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> CheckedAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (output, errors, exit) = await RunAsync(folder, environment, arguments);
        return exit == 0 ? output : throw new InvalidOperationException($"bicep {string.Join(' ', arguments)} ended with {exit}: {errors}");
    }

    private static async Task<(string Output, string Errors, int Exit)> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in ParameterFile.Variables)
        {
            start.Environment.Remove(variable);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await output, await errors, process.ExitCode);
    }

    private static List<string> Read(string report) =>
    [
        .. from run in JsonNode.Parse(report)!["runs"]!.AsArray()
           from result in run!["results"]!.AsArray()
           let place = result!["locations"]![0]!["physicalLocation"]!
           select $"{place["artifactLocation"]!["uri"]}({place["region"]!["startLine"]}): {result["ruleId"]}: {result["message"]!["text"]}",
    ];

    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "bicep.exe" : "bicep")).FirstOrDefault(File.Exists);
}
