using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>Shows that a check finds what it is for.</summary>
internal static class Mistakes
{
    public static void AreFound(JsonNode right, Func<JsonNode, IEnumerable<string>> check, IEnumerable<(Action<JsonNode> Break, string Finding)> mistakes) => Assert.All(mistakes, mistake =>
    {
        var wrong = right.DeepClone();
        mistake.Break(wrong);
        Assert.Contains(check(wrong), finding => finding.EndsWith(mistake.Finding, StringComparison.Ordinal));
    });
}
