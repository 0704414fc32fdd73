using System.Globalization;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>The If-* headers of GetObject and HeadObject, and their like that speak of a copy's source. Each must hold; times that are none are as if they were not there.</summary>
internal static class Preconditions
{
    private const string OfSource = "x-oss-copy-source-";

    // Copies may also write times as XML does.
    private static readonly string[] TimeFormats = ["R", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

    /// <summary>Whether the client has this object already (304). A condition that must hold and does not is PreconditionFailed.</summary>
    public static bool IsNotModified(OssCall call, ObjectRecord record, DateTimeOffset now) => Unmet(call, record, now, "") is not null;

    /// <summary>Whether a copy is not wanted, for its source has not changed (304).</summary>
    public static bool IsSourceNotModified(OssCall call, ObjectRecord record, DateTimeOffset now) => Unmet(call, record, now, OfSource) is not null;

    /// <summary>Refuses if any condition on the source does not hold, also where another operation would answer 304.</summary>
    public static void RequireOfSource(OssCall call, ObjectRecord record, DateTimeOffset now)
    {
        if (Unmet(call, record, now, OfSource) is { } header)
        {
            throw Refusals.PreconditionFailed(header);
        }
    }

    // The header that says "not modified", if one does.
    private static string? Unmet(OssCall call, ObjectRecord record, DateTimeOffset now, string prefix)
    {
        var modified = record.LastModified.AddTicks(-(record.LastModified.Ticks % TimeSpan.TicksPerSecond));
        if (call.Header(prefix + "If-Match") is { } match && !Matches(match, record))
        {
            throw Refusals.PreconditionFailed(prefix + "If-Match");
        }

        if (Time(call, prefix + "If-Unmodified-Since") is { } unmodifiedSince && modified > unmodifiedSince)
        {
            throw Refusals.PreconditionFailed(prefix + "If-Unmodified-Since");
        }

        if (call.Header(prefix + "If-None-Match") is { } noneMatch)
        {
            return Matches(noneMatch, record) ? prefix + "If-None-Match" : null;
        }

        // A time yet to come says nothing.
        return Time(call, prefix + "If-Modified-Since") is { } modifiedSince && modifiedSince <= now && modified <= modifiedSince ? prefix + "If-Modified-Since" : null;
    }

    private static bool Matches(string header, ObjectRecord record) =>
        header.Split(',').Select(etag => etag.Trim().Trim('"')).Any(etag => etag == "*" || etag.Equals(record.ETag, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset? Time(OssCall call, string header) =>
        DateTimeOffset.TryParseExact(call.Header(header), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
