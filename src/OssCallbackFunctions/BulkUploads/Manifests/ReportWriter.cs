using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Writes a job's report row by row: as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it as such; see <see cref="CsvCell"/>) or as JSON lines. Written in
/// pieces, as a job's steps go: only the first has the header. No more than <see cref="PipeWriter"/>'s buffer of 32 KiB and a row are held.
/// </summary>
internal sealed class ReportWriter(PipeWriter output, bool isCsv) : IDisposable
{
    private const int FlushAt = 32 * 1024;

    // Nobody embeds it in HTML, and keys are to be read by people.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _row = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, Options);

    /// <summary>The content type of such a report.</summary>
    public string ContentType => isCsv ? "text/csv; charset=utf-8" : "application/jsonl";

    public void Dispose() => _json.Dispose();

    /// <summary>Writes what stands in front of the first row: for JSON lines nothing.</summary>
    public void WriteHeader()
    {
        if (isCsv)
        {
            output.Write("\uFEFF"u8);
            WriteCells(ReportRow.Columns);
        }
    }

    /// <summary>Writes a row; bytes go out when enough of them are there, or <see cref="FlushAsync"/> is called.</summary>
    public async ValueTask WriteAsync(ReportRow row, CancellationToken cancellationToken)
    {
        string?[] cells =
        [
            Number(row.Number), row.Key, row.Source is null ? null : ManifestText.Of(row.Source), row.State, row.Size is { } size ? Number(size) : null, row.ETag, row.Crc64, Number(row.Attempts),
            row.Error?.Code, row.Error?.Message, Time(row.Started), Time(row.Ended),
        ];
        if (isCsv)
        {
            WriteCells(cells);
        }
        else
        {
            WriteMembers(cells);
        }

        if (output.UnflushedBytes >= FlushAt)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Sends what was written. The pipe stays open.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    private void WriteCells(IReadOnlyList<string?> cells)
    {
        _row.Clear();
        for (var i = 0; i < cells.Count; i++)
        {
            _row.Append(i == 0 ? "" : ",");
            CsvCell.Append(_row, cells[i]);
        }

        _row.Append("\r\n");
        Encoding.UTF8.GetBytes(_row.ToString(), output);
    }

    private void WriteMembers(string?[] cells)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i] is not { } text)
            {
                continue;
            }

            if (ReportRow.Columns[i] is "number" or "size" or "attempts")
            {
                _json.WriteNumber(ReportRow.Columns[i], long.Parse(text, CultureInfo.InvariantCulture));
            }
            else
            {
                _json.WriteString(ReportRow.Columns[i], text);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
