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

    /// <summary>Reads a target.</summary>
    /// <param name="rawTarget">From the request line.</param>
    /// <param name="host">Host header, without port.</param>
    /// <param name="endpointName">Host whose subdomains are buckets; null: there is none.</param>
    public static RequestTarget Parse(string rawTarget, string host, string? endpointName)
    {
        var target = WithoutAuthority(rawTarget);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : target[(mark + 1)..];
        var rest = path.StartsWith('/') ? path[1..] : "";
        if (endpointName is not null && host.EndsWith("." + endpointName, StringComparison.OrdinalIgnoreCase))
        {
            return new RequestTarget(host[..^(endpointName.Length + 1)], KeyOf(rest), path, query);
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        return bucket.Length == 0 && slash < 0 ? new RequestTarget(null, null, path, query)
            : string.Equals(host, endpointName, StringComparison.OrdinalIgnoreCase) ? throw Refusals.SecondLevelDomain()
            : new RequestTarget(Decode(bucket), slash < 0 ? null : KeyOf(rest[(slash + 1)..]), path, query);
    }

    // Proxies' clients write "GET http://host/path".
    private static string WithoutAuthority(string rawTarget)
    {
        var scheme = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? -1 : rawTarget.AsSpan(scheme + 3).IndexOfAny('/', '?');
        return scheme < 0 ? rawTarget : path < 0 ? "/" : rawTarget[(scheme + 3 + path)..];
    }

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
