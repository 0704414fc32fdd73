using System.Text.RegularExpressions;
using AlibabaSide;
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

    [Fact]
    public void The_guide_takes_down_what_the_command_of_step_5_makes()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Oss__Region"] = "cn-hangzhou", ["Oss__Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com", ["Oss__Bucket"] = "my-bucket", ["Oss__OidcAudience"] = "api://app",
            ["Oss__RoleArn"] = Arn("OSS_ROLE_ARN"), ["Oss__OidcProviderArn"] = Arn("OSS_OIDC_PROVIDER_ARN"),
        };
        var made = Documents.Make(null, settings, new Wishes()).Commands.Replace("'", "", StringComparison.Ordinal);
        var removed = Removed().Matches(Guide);
        Assert.Equal(["OIDCProvider", "Policy", "Role"], removed.Select(match => match.Groups[1].Value).Order());
        Assert.All(removed, match => Assert.Matches($@"Create{match.Groups[1].Value} --{match.Groups[2].Value} {match.Groups[3].Value}\b", made));
        Assert.Contains("AttachPolicyToRole --PolicyType Custom --PolicyName oss-callback-functions --RoleName oss-callback-functions", made, StringComparison.Ordinal);
        Assert.Contains("aliyun ram DetachPolicyFromRole --PolicyType Custom --PolicyName oss-callback-functions --RoleName oss-callback-functions", Guide, StringComparison.Ordinal);

        static string Arn(string variable) => Regex.Match(Guide, $"{variable}=\"([^\"]+)\"").Groups[1].Value.Replace("<Alibaba Cloud account id>", "42", StringComparison.Ordinal);
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    [GeneratedRegex(@"aliyun \w+ Delete(\w+) --(\w+) (\S+)")]
    private static partial Regex Removed();

    [GeneratedRegex(@"(?:\$\{|\boutput |get-value )([A-Z_]+)")]
    private static partial Regex Output();
}
