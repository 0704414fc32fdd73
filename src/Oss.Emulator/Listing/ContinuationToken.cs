using System.Text;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Listing;

/// <summary>
/// Where ListObjectsV2 goes on, in the form that OSS's tokens have: one field of a protocol buffer, in base64 of letters that survive every encoding and decoding on the way.
/// </summary>
internal static class ContinuationToken
{
    private const byte FirstField = 0x0A;
    private const int LowBits = 7;

    /// <summary>The token for what comes after a key or common prefix.</summary>
    public static string Of(string last)
    {
        var text = Encoding.UTF8.GetBytes(last);
        byte[] length = text.Length < 1 << LowBits ? [(byte)text.Length] : [(byte)(text.Length | 1 << LowBits), (byte)(text.Length >> LowBits)];
        return Convert.ToBase64String([FirstField, .. length, .. text]).Replace('+', '.').Replace('/', '_').Replace('=', '-');
    }

    /// <summary>What a token says; one that is none is refused.</summary>
    public static string Read(string token)
    {
        // Whatever does not come out again as it was is none of ours.
        return OssEncoding.TryDecodeBase64(token.Replace('.', '+').Replace('_', '/').Replace('-', '='), out var bytes)
            && bytes.Length > 2
            && Encoding.UTF8.GetString(bytes.AsSpan(bytes[1] < 1 << LowBits ? 2 : 3)) is { Length: > 0 } last
            && Of(last) == token
                ? last
                : throw Refusals.InvalidArgument("continuation-token", token, "The continuation token is incorrect.");
    }
}
