using System.Globalization;
using System.Text;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

/// <summary>What the listings of objects have in common. Source: OSS documentation, "ListObjectsV2", EC 0015-00000402 to -406.</summary>
/// <param name="Prefix">All keys begin with it.</param>
/// <param name="Delimiter">One character; empty when there is none.</param>
/// <param name="MaxKeys">1 to 1,000.</param>
/// <param name="EncodesKeys">Whether the reply is to be percent-encoded.</param>
internal sealed record ListParameters(string Prefix, string Delimiter, int MaxKeys, bool EncodesKeys)
{
    /// <summary>Reads them.</summary>
    /// <param name="call">The request.</param>
    /// <param name="maxKeysEc">The EC of a <c>max-keys</c> that cannot be.</param>
    public static ListParameters Of(OssCall call, string maxKeysEc) => new(
        Text(call, "prefix", "0015-00000403"), DelimiterOf(call), MaxKeysOf(call, maxKeysEc), call.EncodesKeys);

    /// <summary>A key, or the beginning of one; empty when it is not there.</summary>
    public static string Text(OssCall call, string name, string? ec)
    {
        var text = call.Target.Parameter(name) ?? "";
        return Encoding.UTF8.GetByteCount(text) <= OssLimits.MaxKeyLength ? text
            : throw Refusals.InvalidArgument(name, text, $"The length of {name} must be less than 1024 bytes.", ec);
    }

    /// <summary>The character at which keys are grouped; empty when they are not.</summary>
    public static string DelimiterOf(OssCall call)
    {
        var delimiter = call.Target.Parameter("delimiter") ?? "";
        return delimiter.EnumerateRunes().Count() <= 1 ? delimiter
            : throw Refusals.InvalidArgument("delimiter", delimiter, "The delimiter must be one character.", "0015-00000406");
    }

    private static int MaxKeysOf(OssCall call, string ec)
    {
        const string name = "max-keys";
        var text = call.Target.Parameter(name);
        return string.IsNullOrEmpty(text) ? OssLimits.DefaultKeysPerPage
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= OssLimits.MaxKeysPerPage ? number
            : throw Refusals.InvalidArgument(name, text, $"Argument {name} must be an integer between 1 and {OssLimits.MaxKeysPerPage}.", ec);
    }
}
