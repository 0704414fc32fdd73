using System.Diagnostics.CodeAnalysis;

namespace Oss.Protocol;

/// <summary>The credential of a V4 signature: key id/date/region/product/aliyun_v4_request. There are two products: <c>oss</c> and <c>oss-cloudbox</c>.</summary>
internal sealed record V4Credential(string AccessKeyId, string Date, string Region, string Product)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out V4Credential? credential)
    {
        credential = null;
        if (text?.Split('/') is not [{ Length: > 0 } id, { Length: 8 } date, var region, ("oss" or "oss-cloudbox") and var product, SigningDay.Terminator]
            || !date.All(char.IsAsciiDigit))
        {
            return false;
        }

        credential = new V4Credential(id, date, region, product);
        return true;
    }
}
