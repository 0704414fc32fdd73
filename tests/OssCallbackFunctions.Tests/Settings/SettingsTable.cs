using System.Text.RegularExpressions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Settings;

/// <summary>A row of README's tables of settings.</summary>
internal sealed record SettingRow(string Name, string Type, string Default, string Range, string Example)
{
    /// <summary>The value in backticks; null: words, or another setting's.</summary>
    public string? DefaultValue => SettingsTable.Quoted(Default) is { } value && !value.Contains("__", StringComparison.Ordinal) && !value.StartsWith("OTEL_EXPORTER_", StringComparison.Ordinal) ? value : null;

    /// <summary>Name with these in the place of <c>&lt;name&gt;</c> and its like.</summary>
    public string Named(string entry) => SettingsTable.Placeholder().Replace(Name, entry);
}

/// <summary>README's tables of settings: that of all, and that of profiles.</summary>
internal static partial class SettingsTable
{
    private const string Header = "| setting | type | default | range | example | |";

    public static IReadOnlyList<SettingRow> Rows { get; } = Read();

    /// <summary>A name as patterns compare: whatever the placeholder is called.</summary>
    public static string Pattern(string name) => Placeholder().Replace(name, "<name>");

    public static string? Quoted(string cell) => cell.Length > 2 && cell.StartsWith('`') && cell.EndsWith('`') && !cell[1..^1].Contains('`', StringComparison.Ordinal) ? cell[1..^1] : null;

    private static List<SettingRow> Read()
    {
        var rows = new List<SettingRow>();
        var tables = 0;
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != Header)
            {
                continue;
            }

            // The first table in the page is that of profiles.
            var prefix = tables++ == 0 ? "Uploads__Profiles__<name>__" : "";
            for (i += 2; lines[i].StartsWith('|'); i++)
            {
                string[] cells = [.. Cell().Split(lines[i]).Select(cell => cell.Trim())];
                Assert.True(cells.Length == 8, lines[i]);
                rows.Add(new(prefix + Quoted(cells[1]), cells[2], cells[3], cells[4], Quoted(cells[5]) ?? throw new InvalidOperationException(lines[i])));
            }
        }

        Assert.Equal(2, tables);
        return rows;
    }

    [GeneratedRegex("<[a-z]+>")]
    internal static partial Regex Placeholder();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();
}
