using System.Globalization;

namespace Oss.Protocol;

/// <summary>Times as V4 signatures write them: UTC <c>yyyyMMdd'T'HHmmss'Z'</c>.</summary>
public static class V4Timestamp
{
    private const string Format = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Writes a time, to the second.</summary>
    public static string ToText(DateTimeOffset time) => string.Create(16, time.UtcDateTime, static (text, utc) =>
    {
        var date = utc.Year * 10_000 + utc.Month * 100 + utc.Day;
        var clock = utc.Hour * 10_000 + utc.Minute * 100 + utc.Second;
        for (var i = 7; i >= 0; i--, date /= 10)
        {
            text[i] = (char)('0' + date % 10);
        }

        text[8] = 'T';
        for (var i = 14; i >= 9; i--, clock /= 10)
        {
            text[i] = (char)('0' + clock % 10);
        }

        text[15] = 'Z';
    });

    /// <summary>Reads a time.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
