using System.Reflection;

namespace LocalWorker.Tests.PublicSurface;

/// <summary>Function code must compile against the official packages without a change, so the stand-in offers nothing that they lack.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] OfficialApi =
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface", "official-api.txt")).Where(line => line.Length > 0 && line[0] != '#')];

    private static readonly string[] Offered = [.. ApiText.Of(Assembly.Load("LocalWorker"))];

    [Fact]
    public void Offers_nothing_that_the_official_packages_lack() => Assert.Empty(Offered.Except(OfficialApi));

    [Fact]
    public void Offers_all_that_it_says_it_does() => Assert.Empty(OfficialApi.Where(line => !line.StartsWith("- ", StringComparison.Ordinal)).Except(Offered));
}
