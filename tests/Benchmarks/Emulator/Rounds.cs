using System.Globalization;

namespace Benchmarks.Emulator;

/// <summary>Figures of several servers that were measured in turn: what slows the machine for a while slows all of them.</summary>
internal sealed class Rounds
{
    private readonly Dictionary<ServerKind, List<double>> _figures = [];

    /// <summary>Measures every server in every round, each time another one first; a first round does not count.</summary>
    public static Rounds Measure(IReadOnlyList<ServerProcess> servers, int count, Func<ServerProcess, double> measure)
    {
        var rounds = new Rounds();
        for (var round = -1; round < count; round++)
        {
            for (var turn = 0; turn < servers.Count; turn++)
            {
                var server = servers[(turn + round + 1) % servers.Count];
                var figure = measure(server);
                if (round >= 0)
                {
                    if (!rounds._figures.TryGetValue(server.Kind, out var figures))
                    {
                        rounds._figures[server.Kind] = figures = [];
                    }

                    figures.Add(figure);
                }
            }
        }

        return rounds;
    }

    /// <summary>The median of a server's figures.</summary>
    public string Median(ServerKind kind) => Median(_figures[kind]).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The median of the emulator's figures over the other server's of the same round, and how far the middle half of them spreads.</summary>
    public string Ratio(ServerKind beside)
    {
        double[] ratios = [.. _figures[ServerKind.Emulator].Zip(_figures[beside], (emulator, other) => emulator / other).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):0.00} ({ratios[ratios.Length / 4]:0.00} to {ratios[^((ratios.Length / 4) + 1)]:0.00})");
    }

    private static double Median(IEnumerable<double> figures)
    {
        double[] ordered = [.. figures.Order()];
        return (ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
    }
}
