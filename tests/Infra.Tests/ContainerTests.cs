using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sandbox;

namespace Infra.Tests;

/// <summary>The Dockerfile and the example beside it, as far as they can be checked without a container engine.</summary>
public sealed partial class ContainerTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "container");
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(Folder, "Dockerfile"));

    [Fact]
    public void What_is_copied_is_there_and_is_all_that_the_app_is_built_of()
    {
        var copied = Dockerfile.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToHashSet();
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.Superset(Projects("src/OssCallbackFunctions/OssCallbackFunctions.csproj").Select(project => Path.GetDirectoryName(project)!).ToHashSet(), copied);
        Assert.Superset(new[] { "global.json", "Directory.Build.props", "Directory.Packages.props", "host.json" }.ToHashSet(), copied);
    }

    [Fact]
    public void It_runs_on_the_framework_that_the_app_is_built_for_and_not_as_root()
    {
        var version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("TargetFramework").Single().Value["net".Length..];
        Assert.All(Dockerfile.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)), line => Assert.Matches($@"dotnet/(sdk|aspnet):{Regex.Escape(version)}\b", line));
        Assert.Contains("USER $APP_UID", Dockerfile);
    }

    [Fact]
    public void The_example_has_settings_of_the_app_a_probe_that_it_answers_and_time_for_an_end()
    {
        var example = File.ReadAllText(Path.Combine(Folder, "kubernetes.yaml"));
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")) + File.ReadAllText(Path.Combine(Repository.Root, "src", "LocalWorker", "README.md")).Replace("LocalWorker:", "LocalWorker__", StringComparison.Ordinal);
        var settings = Setting().Matches(example).Select(match => match.Groups[1].Value).ToList();
        Assert.True(settings.Count >= 8);
        Assert.All(settings, setting => Assert.Contains($"`{setting}`", readme, StringComparison.Ordinal));
        Assert.Contains("path: /api/health", example, StringComparison.Ordinal);
        // Functions have 10 s, requests 30 s.
        Assert.InRange(int.Parse(Grace().Match(example).Groups[1].Value), 40, 120);
    }

    private static IEnumerable<string> Projects(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .SelectMany(reference => Projects(Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value)))))
            .Prepend(project);

    [GeneratedRegex(@"name: ([A-Za-z]+__\w+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"terminationGracePeriodSeconds: (\d+)")]
    private static partial Regex Grace();
}
