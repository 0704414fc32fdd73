using System.Text;

namespace Oss.Protocol;

/// <summary>The six parts of a V4 canonical request, joined with LF. Source: OSS documentation, "Include signatures in the Authorization header (V4)".</summary>
internal static class V4CanonicalRequest
{
    /// <summary>Writes the canonical request of <paramref name="request"/> with the sorted query given, and tells where path and query stand in it.</summary>
    public static (Range Path, Range Query) Write(
        ref Utf8Buffer buffer, OssRequest request, ReadOnlySpan<KeyValuePair<string, string?>> sortedQuery, in SignedHeaders headers)
    {
        var path = WriteStart(ref buffer, request);
        var queryStart = buffer.Length;
        CanonicalQuery.Write(ref buffer, sortedQuery);
        var query = queryStart..buffer.Length;
        WriteEnd(ref buffer, headers);
        return (path, query);
    }

    /// <summary>The canonical request as text, around a query that is canonical already.</summary>
    public static string ToText(OssRequest request, string canonicalQuery, in SignedHeaders headers)
    {
        var buffer = new Utf8Buffer(stackalloc byte[1024]);
        try
        {
            WriteStart(ref buffer, request);
            buffer.Append(canonicalQuery);
            WriteEnd(ref buffer, headers);
            return Encoding.UTF8.GetString(buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static Range WriteStart(ref Utf8Buffer buffer, OssRequest request)
    {
        buffer.Append(request.Method);
        buffer.Append((byte)'\n');
        var start = buffer.Length;
        buffer.Append((byte)'/');
        if (request.Bucket is not null)
        {
            // The bucket is always there, whatever the addressing; at bucket level with a slash behind it.
            buffer.Append(request.Bucket);
            buffer.Append((byte)'/');
            buffer.AppendEncoded(request.Key ?? "", keepSlash: true);
        }

        var path = start..buffer.Length;
        buffer.Append((byte)'\n');
        return path;
    }

    private static void WriteEnd(ref Utf8Buffer buffer, in SignedHeaders headers)
    {
        buffer.Append((byte)'\n');
        headers.Write(ref buffer);
        buffer.Append((byte)'\n');
        buffer.Append(headers.AdditionalNames);
        buffer.Append((byte)'\n');
        buffer.Append(V4Signer.UnsignedPayload);
    }
}
