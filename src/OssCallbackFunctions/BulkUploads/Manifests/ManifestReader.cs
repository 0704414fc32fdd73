using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Reads manifests line by line, in bounded memory, from the beginning or from any line on: each knows the byte to go on at. A bad line is told of and the rest goes on.</summary>
internal static class ManifestReader
{
    /// <summary>Looks at the beginning of a manifest, and gives what <see cref="ReadAsync"/> needs to go on in its middle.</summary>
    /// <exception cref="ManifestException">It is no text in UTF-8, or its header line is wrong.</exception>
    public static async Task<ManifestHeader> ReadHeaderAsync(Stream stream, ManifestFormat format, CancellationToken cancellationToken)
    {
        using var records = new ManifestRecords(stream, 0);
        var next = await BeginAsync(records, cancellationToken);
        if (format != ManifestFormat.Csv)
        {
            return new ManifestHeader(null, next);
        }

        var header = await HeaderAsync(records, cancellationToken);
        CsvColumns.Parse(header.Text);
        return header;
    }

    /// <summary>Reads the lines. Blank ones are left out, in an http.list comments too.</summary>
    /// <param name="stream">The manifest from byte <paramref name="start"/> on; not disposed of.</param>
    /// <param name="start">0, or <see cref="ManifestLine.Next"/> of a line of the same manifest.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="header">For a CSV that is read from its middle, <see cref="ManifestHeader.Text"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ManifestException">It is no text in UTF-8, or its header line is wrong.</exception>
    public static async IAsyncEnumerable<ManifestLine> ReadAsync(
        Stream stream, long start, ManifestFormat format, string? header, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var records = new ManifestRecords(stream, start);
        if (start == 0)
        {
            await BeginAsync(records, cancellationToken);
            header = format == ManifestFormat.Csv ? (await HeaderAsync(records, cancellationToken)).Text : null;
        }

        var columns = format == ManifestFormat.Csv ? CsvColumns.Parse(header) : null;
        records.Separator = (byte?)columns?.Separator;
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            if (!IsBlank(record) && !(format == ManifestFormat.HttpList && HttpListEntry.IsComment(record.Bytes.Span)))
            {
                yield return Read(record, format, columns);
            }
        }
    }

    private static async ValueTask<int> BeginAsync(ManifestRecords records, CancellationToken cancellationToken)
    {
        var mark = ManifestStart.Check((await records.PeekAsync(ManifestStart.Length, cancellationToken)).Span);
        records.Skip(mark);
        return mark;
    }

    private static async ValueTask<ManifestHeader> HeaderAsync(ManifestRecords records, CancellationToken cancellationToken)
    {
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            if (!IsBlank(record))
            {
                return new ManifestHeader(record.IsTooLong ? null : Encoding.UTF8.GetString(record.Bytes.Span), record.Next);
            }
        }

        return new ManifestHeader(null, 0);
    }

    private static ManifestLine Read(ManifestRecord record, ManifestFormat format, CsvColumns? columns)
    {
        var bytes = record.Bytes.Span;
        if (record.IsTooLong)
        {
            return Bad(record, "manifest_line_too_long", $"It has more than {ManifestRecords.MaxBytes} bytes{(columns is null ? "" : ", unless a quote is not closed")}.");
        }

        if (!Utf8.IsValid(bytes))
        {
            return Bad(record, "manifest_line_not_utf8", "It is not valid UTF-8.");
        }

        var members = format == ManifestFormat.JsonLines ? JsonEntry.Read(bytes)
            : columns is not null ? columns.Read(Encoding.UTF8.GetString(bytes))
            : HttpListEntry.Read(Encoding.UTF8.GetString(bytes));
        return members.ToEntry() is { } entry ? new ManifestLine(record.Start, record.Next, entry, null, ManifestText.Of(bytes))
            : Bad(record, "manifest_line_invalid", members.Error!);
    }

    private static ManifestLine Bad(ManifestRecord record, string code, string message) =>
        new(record.Start, record.Next, null, new BulkUploadError(code, message), ManifestText.Of(record.Bytes.Span));

    private static bool IsBlank(ManifestRecord record) => !record.IsTooLong && record.Bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0;
}
