namespace OssCallbackFunctions.BulkUploads;

/// <summary>Finds the line break that ends a record, over as many pieces as it comes in; with a separator, one in quotes (RFC 4180) ends none.</summary>
internal struct RecordEnd(byte? separator)
{
    private State _state;

    private enum State
    {
        FieldStart,
        Plain,
        Quoted,

        /// <summary>Behind a quote in quotes: the end of the field, or the first half of a quote that is meant.</summary>
        AfterQuote,
    }

    /// <summary>Index of the line feed that ends the record; -1 when it is in none of these bytes.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        if (separator is not { } comma)
        {
            return bytes.IndexOf((byte)'\n');
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            // What is of no account is jumped over at once.
            var rest = bytes[i..];
            var skip = _state switch
            {
                State.Quoted => rest.IndexOf((byte)'"'),
                State.Plain => rest.IndexOfAny(comma, (byte)'\n'),
                _ => 0,
            };
            if (skip < 0)
            {
                return -1;
            }

            i += skip;
            var value = bytes[i];
            if (value == '\n' && _state != State.Quoted)
            {
                return i;
            }

            _state = _state switch
            {
                State.Quoted => State.AfterQuote,
                State.AfterQuote or State.FieldStart when value == '"' => State.Quoted,
                _ when value == comma => State.FieldStart,
                _ => State.Plain,
            };
        }

        return -1;
    }
}
