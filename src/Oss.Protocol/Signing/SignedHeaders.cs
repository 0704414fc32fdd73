namespace Oss.Protocol;

/// <summary>The headers that a V4 signature covers, lower case and in order.</summary>
internal readonly struct SignedHeaders
{
    private readonly (string Name, string Value, bool IsAdditional)[] _headers;
    private readonly int _count;

    public SignedHeaders(IEnumerable<KeyValuePair<string, string>> headers, int headerCount, IReadOnlyCollection<string> additional)
    {
        _headers = new (string, string, bool)[headerCount];
        foreach (var (name, value) in headers)
        {
            var byDefault = IsSignedByDefault(name);
            if (byDefault || (additional.Count > 0 && additional.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                Insert((Lower(name), value, !byDefault));
                _count++;
            }
        }
    }

    /// <summary>Names of the additional headers, joined with ";"; empty when there are none.</summary>
    public string AdditionalNames
    {
        get
        {
            var names = "";
            foreach (var (name, _, isAdditional) in _headers.AsSpan(0, _count))
            {
                if (isAdditional)
                {
                    names = names.Length == 0 ? name : $"{names};{name}";
                }
            }

            return names;
        }
    }

    /// <summary>content-type, content-md5 and x-oss-* are signed whenever they are there.</summary>
    public static bool IsSignedByDefault(string name) =>
        name.StartsWith("x-oss-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-md5", StringComparison.OrdinalIgnoreCase);

    public void Write(ref Utf8Buffer buffer)
    {
        foreach (var (name, value, _) in _headers.AsSpan(0, _count))
        {
            buffer.Append(name);
            buffer.Append((byte)':');
            buffer.Append(value.AsSpan().Trim());
            buffer.Append((byte)'\n');
        }
    }

    private void Insert((string Name, string Value, bool IsAdditional) header)
    {
        var i = _count;
        for (; i > 0 && string.CompareOrdinal(_headers[i - 1].Name, header.Name) > 0; i--)
        {
            _headers[i] = _headers[i - 1];
        }

        _headers[i] = header;
    }

    private static string Lower(string name) => name.AsSpan().ContainsAnyInRange('A', 'Z') ? name.ToLowerInvariant() : name;
}
