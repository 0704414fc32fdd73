using System.Buffers;
using System.Globalization;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>What a request is about, read from its raw target: keys may hold "..", "//" and "%2F", which nobody must tidy up.</summary>
/// <param name="Bucket">Null at service level.</param>
/// <param name="Key">Decoded; null at bucket level.</param>
/// <param name="RawPath">As it came, with the bucket when that is in it.</param>
/// <param name="RawQuery">As it came, without "?".</param>
internal sealed record RequestTarget(string? Bucket, string? Key, string RawPath, string RawQuery)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IReadOnlyList<KeyValuePair<string, string?>> Query { get; } = OssEncoding.ParseQuery(RawQuery);

    /// <summary>The value of a parameter, "" when it has none, null when it is not there.</summary>
    public string? Parameter(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (key == name)
            {
                return value ?? "";
            }
        }

        return null;
    }

    /// <summary>Path style: the bucket is the first segment of the path.</summary>
    /// <param name="rawPath">Path as it came.</param>
    /// <param name="rawQuery">Query as it came.</param>
    public static RequestTarget OfPath(string rawPath, string rawQuery)
    {
        var rest = WithoutSlash(rawPath);
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        return bucket.Length == 0 && slash < 0
            ? new RequestTarget(null, null, rawPath, rawQuery)
            : new RequestTarget(Decode(bucket), slash < 0 ? null : KeyOf(rest[(slash + 1)..]), rawPath, rawQuery);
    }

    /// <summary>The bucket is known from the host: all of the path is the key.</summary>
    public static RequestTarget OfBucket(string bucket, string rawPath, string rawQuery) => new(bucket, KeyOf(WithoutSlash(rawPath)), rawPath, rawQuery);

    private static string WithoutSlash(string rawPath) => rawPath.StartsWith('/') ? rawPath[1..] : "";

    private static string? KeyOf(string encoded) => encoded.Length == 0 ? null : Decode(encoded);

    private static string Decode(string encoded)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(encoded.Length * 3);
        try
        {
            var length = 0;
            for (var i = 0; i < encoded.Length; i++)
            {
                if (encoded[i] != '%')
                {
                    length += StrictUtf8.GetBytes(encoded.AsSpan(i, 1), buffer.AsSpan(length));
                }
                else if (byte.TryParse(encoded.AsSpan(i + 1, Math.Min(2, encoded.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out buffer[length])
                    && i + 2 < encoded.Length)
                {
                    length++;
                    i += 2;
                }
                else
                {
                    throw Refusals.InvalidObjectName(encoded, "It is not percent-encoded properly.");
                }
            }

            return StrictUtf8.GetString(buffer, 0, length);
        }
        catch (ArgumentException)
        {
            throw Refusals.InvalidObjectName(encoded, "It is not UTF-8.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
