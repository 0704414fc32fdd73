using System.Globalization;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>The If-* headers of GetObject and HeadObject.</summary>
internal static class Preconditions
{
    /// <summary>Whether the client has this object already (304). A condition that must hold and does not is PreconditionFailed.</summary>
    public static bool IsNotModified(OssCall call, ObjectRecord record)
    {
        var modified = record.LastModified.AddTicks(-(record.LastModified.Ticks % TimeSpan.TicksPerSecond));
        if (call.Header("If-Match") is { } match && !Matches(match, record))
        {
            throw Refusals.PreconditionFailed("If-Match");
        }

        if (Time(call, "If-Unmodified-Since") is { } unmodifiedSince && modified > unmodifiedSince)
        {
            throw Refusals.PreconditionFailed("If-Unmodified-Since");
        }

        return call.Header("If-None-Match") is { } noneMatch ? Matches(noneMatch, record)
            : Time(call, "If-Modified-Since") is { } modifiedSince && modified <= modifiedSince;
    }

    private static bool Matches(string header, ObjectRecord record) =>
        header.Split(',').Select(etag => etag.Trim().Trim('"')).Any(etag => etag == "*" || etag.Equals(record.ETag, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset? Time(OssCall call, string header) =>
        DateTimeOffset.TryParseExact(call.Header(header), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
