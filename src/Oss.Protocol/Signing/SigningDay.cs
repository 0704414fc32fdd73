using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>What stays the same in all V4 signatures of one day, region, product and key.</summary>
internal sealed class SigningDay
{
    public const string Terminator = "aliyun_v4_request";

    private readonly HmacKey _hmac;

    public SigningDay(AccessKey accessKey, DateOnly date, string region, string product)
    {
        Date = date;
        DateText = date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        Scope = $"{DateText}/{region}/{product}/{Terminator}";
        Credential = $"{accessKey.Id}/{Scope}";
        Key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("aliyun_v4" + accessKey.Secret), DateText), region), product), Terminator);
        _hmac = new HmacKey(Key);
    }

    public DateOnly Date { get; }

    public string DateText { get; }

    /// <summary>date/region/product/aliyun_v4_request</summary>
    public string Scope { get; }

    /// <summary>key id/scope</summary>
    public string Credential { get; }

    /// <summary>The derived signing key, 32 bytes.</summary>
    public byte[] Key { get; }

    /// <summary>Signs a text with it.</summary>
    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature) => _hmac.Hash(text, signature);

    private static byte[] Hmac(byte[] key, string data) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(data));
}
