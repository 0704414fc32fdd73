using System.Globalization;

namespace Benchmarks.Emulator;

/// <summary>What is measured, and how often.</summary>
internal sealed record MeasurementOptions
{
    private static readonly string[] KnownParts = ["transfers", "small", "memory", "credentials", "callback", "file", "scale", "vast", "many", "workers"];

    /// <summary>The parts asked for; none: all.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    public IReadOnlyList<int> Connections { get; init; } = [1, 4, 8];

    public const int DefaultRounds = 9;

    public int Rounds { get; init; } = DefaultRounds;

    public int Megabytes { get; init; } = 100;

    public int Gigabytes { get; init; } = 1;

    /// <summary>MiB of the file of a bulk upload.</summary>
    public int Size { get; init; } = 1024;

    public int Objects { get; init; } = 10_000;

    public int Lines { get; init; } = 20_000;

    /// <summary>Where the servers' folders are.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    public bool Measures(string part) => Parts.Count == 0 || Parts.Contains(part);

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them cannot be; the message names it.</exception>
    public static MeasurementOptions Parse(string[] arguments, int rounds)
    {
        var options = new MeasurementOptions { Rounds = rounds };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var (name, value) = (arguments[i], i + 1 < arguments.Length ? arguments[i + 1] : throw new ArgumentException($"{arguments[i]} needs a value."));
            options = name switch
            {
                "--part" => options with { Parts = [.. options.Parts, KnownParts.Contains(value) ? value : throw new ArgumentException($"There is no part '{value}'.")] },
                "--connections" => options with { Connections = [.. value.Split(',').Select(number => Number(number))] },
                "--rounds" => options with { Rounds = Number(value) },
                "--megabytes" => options with { Megabytes = Number(value) },
                "--gigabytes" => options with { Gigabytes = Number(value) },
                "--size" => options with { Size = Number(value, 1_000_000) },
                "--objects" => options with { Objects = Number(value, 1_000_000) },
                "--lines" => options with { Lines = Number(value, 10_000_000) },
                "--folder" => options with { Folder = value },
                _ => throw new ArgumentException($"Unknown argument '{name}'."),
            };
        }

        return options;
    }

    private static int Number(string text) => Number(text, 1000);

    private static int Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number
        : throw new ArgumentException($"'{text}' is no number from 1 to {most}.");
}
