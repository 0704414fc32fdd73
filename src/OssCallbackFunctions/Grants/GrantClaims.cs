using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Text;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// A grant as bytes: expiry in Unix seconds (8 bytes), id, profile and subject, each behind its length (1 byte); then the number of variables (1 byte), and of each the name behind its
/// length (1 byte) and the value behind its own (2 bytes). Version 1 ends with the subject.
/// </summary>
internal static class GrantClaims
{
    /// <summary>Bytes of a grant.</summary>
    public static int LengthOf(UploadGrant grant)
    {
        var length = sizeof(long) + ShortLength(grant.Id) + ShortLength(grant.Profile) + ShortLength(grant.Subject) + 1;
        foreach (var (name, value) in Variables(grant))
        {
            length += ShortLength(name) + sizeof(ushort) + Encoding.UTF8.GetByteCount(value);
        }

        return length;
    }

    /// <summary>Writes a grant.</summary>
    /// <exception cref="ArgumentException">Id, profile, subject or the name of a variable has more than 255 bytes of UTF-8, or a value more than 65,535.</exception>
    public static void Write(UploadGrant grant, Span<byte> claims)
    {
        BinaryPrimitives.WriteInt64BigEndian(claims, grant.Expires.ToUnixTimeSeconds());
        claims = claims[sizeof(long)..];
        WriteShort(ref claims, grant.Id);
        WriteShort(ref claims, grant.Profile);
        WriteShort(ref claims, grant.Subject);
        var variables = Variables(grant);
        claims[0] = checked((byte)variables.Count);
        claims = claims[1..];
        foreach (var (name, value) in variables)
        {
            WriteShort(ref claims, name);
            WriteLong(ref claims, value);
        }
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

    private static IReadOnlyDictionary<string, string> Variables(UploadGrant grant) => grant.Variables ?? ReadOnlyDictionary<string, string>.Empty;

    private static int ShortLength(string text) => 1 + Encoding.UTF8.GetByteCount(text);

    private static void WriteShort(ref Span<byte> claims, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, claims[1..]);
        claims[0] = length <= byte.MaxValue
            ? (byte)length
            : throw new ArgumentException($"A grant's id, profile, subject and names of variables have at most {byte.MaxValue} bytes each.", nameof(text));
        claims = claims[(1 + length)..];
    }

    private static void WriteLong(ref Span<byte> claims, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, claims[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            claims, length <= ushort.MaxValue ? (ushort)length : throw new ArgumentException($"A variable has at most {ushort.MaxValue} bytes.", nameof(text)));
        claims = claims[(sizeof(ushort) + length)..];
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
