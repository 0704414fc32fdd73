using System.Globalization;
using Oss.Emulator.Forms;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Faults;

/// <summary>The rate that a request asks to be held to. Source: OSS documentation, "Single-connection bandwidth throttling".</summary>
/// <param name="BitsPerSecond">819,200 to 838,860,800.</param>
/// <param name="IsOfReply">Whether it is the reply that is held to it: a download's; otherwise the body of the request.</param>
internal sealed record TrafficLimit(long BitsPerSecond, bool IsOfReply)
{
    private const string Name = "x-oss-traffic-limit";

    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal)
    {
        "PutObject", "AppendObject", "CopyObject", "UploadPart", "UploadPartCopy", "GetObject",
    };

    public long BytesPerSecond => BitsPerSecond / 8;

    /// <summary>The limit in a header or in the query; null when there is none, or the operation has no use for it.</summary>
    public static TrafficLimit? Of(OssCall call)
    {
        var header = call.Header(Name);
        var parameter = call.Target.Parameter(Name);
        if ((header ?? parameter) is not { } text || !Operations.Contains(call.Operation))
        {
            return null;
        }

        return header is not null && parameter is not null
            ? throw Refusals.InvalidArgument(Name, header, $"{Name} must not be in a header and in the query at once.", "0004-00000501")
            : new TrafficLimit(Parse(text), call.Operation == "GetObject");
    }

    /// <summary>The limit in a field of a form; null when there is none.</summary>
    public static TrafficLimit? Of(UploadForm form) => form.Field(Name) is { } text ? new TrafficLimit(Parse(text), IsOfReply: false) : null;

    private static long Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is >= OssLimits.MinTrafficLimit and <= OssLimits.MaxTrafficLimit ? bits
        : throw Refusals.InvalidArgument(Name, text, $"{Name} must be an integer between {OssLimits.MinTrafficLimit} and {OssLimits.MaxTrafficLimit}.", "0004-00000502");
}
