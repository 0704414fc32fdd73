using System.Globalization;

namespace Benchmarks.Emulator;

/// <summary>One measurement.</summary>
/// <param name="Rate">Units per second.</param>
/// <param name="Processor">Microseconds of processor time that the server took for each unit.</param>
internal readonly record struct Figure(double Rate, double Processor);

/// <summary>Figures of several servers that were measured in turn: what slows the machine for a while slows all of them.</summary>
internal sealed class Rounds
{
    private const int WarmUp = 3;

    private readonly Dictionary<ServerKind, List<Figure>> _figures = [];

    /// <summary>Measures every server in every round, each time another one first; the first three rounds, in which code is still being compiled, do not count.</summary>
    public static Rounds Measure(IReadOnlyList<ServerProcess> servers, int count, Func<ServerProcess, Figure> measure)
    {
        var rounds = new Rounds();
        for (var round = -WarmUp; round < count; round++)
        {
            for (var turn = 0; turn < servers.Count; turn++)
            {
                var server = servers[(turn + round + WarmUp) % servers.Count];
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

    /// <summary>The median of a server's rates.</summary>
    public string Rate(ServerKind kind) => Rate(_figures[kind]).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The median of a server's processor times.</summary>
    public string Processor(ServerKind kind) => Median(_figures[kind].Select(figure => figure.Processor)).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The median of the emulator's rates over that of the other server's, and how far the middle half of the single rounds' ratios spreads.</summary>
    public string Ratio(ServerKind beside) => Ratio(ServerKind.Emulator, beside);

    /// <summary>The same for any two servers.</summary>
    public string Ratio(ServerKind of, ServerKind beside)
    {
        double[] ratios = [.. _figures[of].Zip(_figures[beside], (one, other) => one.Rate / other.Rate).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Rate(_figures[of]) / Rate(_figures[beside]):0.00} ({ratios[ratios.Length / 4]:0.00} to {ratios[^((ratios.Length / 4) + 1)]:0.00})");
    }

    private static double Rate(List<Figure> figures) => Median(figures.Select(figure => figure.Rate));

    private static double Median(IEnumerable<double> figures)
    {
        double[] ordered = [.. figures.Order()];
        return (ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
    }
}
