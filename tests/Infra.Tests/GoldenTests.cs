using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox;

namespace Infra.Tests;

public sealed class GoldenTests(Deployment deployment)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Dev_is_deployed_as_it_was() => Compare("dev", () => deployment.DevResources);

    [Fact]
    public void Prod_is_deployed_as_it_was() => Compare("prod", () => deployment.ProdResources);

    [Fact]
    public void No_secret_is_in_what_is_deployed()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Assert.DoesNotContain(Deployment.SecretValue, deployment.DevResources.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Deployment.SecretValue, deployment.ProdResources.ToJsonString(), StringComparison.Ordinal);
    }

    // UPDATE_GOLDEN=1 takes what there is for right; the difference is then to be read in git.
    private static void Compare(string name, Func<JsonNode> resources)
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var file = Path.Combine(Repository.Root, "tests", "Infra.Tests", "Golden", name + ".json");
        var actual = resources().ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file), actual, ignoreLineEndingDifferences: true);
    }
}
