using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// A grant as bytes: expiry in Unix seconds (8 bytes), id, profile and subject, each behind its length (1 byte); then the number of variables (1 byte), and of each the name behind its
/// length (1 byte) and the value behind its own (2 bytes). Version 1 ends with the subject.
/// </summary>
internal static class GrantClaims
{
    public static byte[] Write(UploadGrant grant)
    {
        var claims = new ArrayBufferWriter<byte>(256);
        BinaryPrimitives.WriteInt64BigEndian(claims.GetSpan(sizeof(long)), grant.Expires.ToUnixTimeSeconds());
        claims.Advance(sizeof(long));
        WriteShort(claims, grant.Id);
        WriteShort(claims, grant.Profile);
        WriteShort(claims, grant.Subject);
        var variables = grant.Variables ?? new Dictionary<string, string>();
        claims.Write([checked((byte)variables.Count)]);
        foreach (var (name, value) in variables)
        {
            WriteShort(claims, name);
            WriteLong(claims, value);
        }

        return claims.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote: claims whose seal is not checked may not be read.</summary>
    public static UploadGrant Read(ReadOnlySpan<byte> claims, bool withVariables)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(claims));
        var rest = claims[sizeof(long)..];
        var grant = new UploadGrant(ReadShort(ref rest), ReadShort(ref rest), ReadShort(ref rest), expires);
        if (!withVariables || rest[0] == 0)
        {
            return grant;
        }

        int count = rest[0];
        rest = rest[1..];
        var variables = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = ReadShort(ref rest);
            variables[name] = ReadLong(ref rest);
        }

        return grant with { Variables = variables };
    }

    private static void WriteShort(ArrayBufferWriter<byte> claims, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length > byte.MaxValue)
        {
            throw new ArgumentException($"A grant's id, profile, subject and names of variables have at most {byte.MaxValue} bytes each.", nameof(text));
        }

        claims.Write([(byte)utf8.Length]);
        claims.Write(utf8);
    }

    private static void WriteLong(ArrayBufferWriter<byte> claims, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A variable has at most {ushort.MaxValue} bytes.", nameof(text));
        }

        BinaryPrimitives.WriteUInt16BigEndian(claims.GetSpan(sizeof(ushort)), (ushort)utf8.Length);
        claims.Advance(sizeof(ushort));
        claims.Write(utf8);
    }

    private static string ReadShort(ref ReadOnlySpan<byte> claims) => ReadText(ref claims, 1, claims[0]);

    private static string ReadLong(ref ReadOnlySpan<byte> claims) => ReadText(ref claims, sizeof(ushort), BinaryPrimitives.ReadUInt16BigEndian(claims));

    private static string ReadText(ref ReadOnlySpan<byte> claims, int start, int length)
    {
        var text = Encoding.UTF8.GetString(claims.Slice(start, length));
        claims = claims[(start + length)..];
        return text;
    }
}
