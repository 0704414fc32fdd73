using System.IO.Pipelines;
using System.Text;
using CsCheck;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ReportWriterTests
{
    private static readonly ReportRow Full = new()
    {
        Number = 7, Key = "a,\"b\"\n中.txt", Source = new BulkUploadSource { Url = "https://user:pass@h:8443/a%20b?sig=SECRET#f" }, State = "failed", Size = 5, ETag = "E", Crc64 = "18446744073709551615",
        Attempts = 3, Error = new BulkUploadError("source_gone", "It is gone."), Started = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 6, TimeSpan.FromHours(2)), Ended = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
    };

    [Fact]
    public async Task Csv_is_rfc_4180_with_a_mark_that_spreadsheets_know_utf_8_by()
    {
        var text = await WriteAsync(true, true, Full, new ReportRow { Number = 8, State = "uploaded", Source = new BulkUploadSource { File = "b" } });

        Assert.Equal(
            "\uFEFFnumber,key,source,state,size,etag,crc64,attempts,errorCode,errorMessage,started,ended\r\n"
            + "7,\"a,\"\"b\"\"\n中.txt\",https://h:8443/a%20b,failed,5,E,18446744073709551615,3,source_gone,It is gone.,2026-01-02T03:04:05.006Z,2026-01-02T03:04:06.000Z\r\n"
            + "8,,b,uploaded,,,,0,,,,\r\n", text);
    }

    [Fact]
    public async Task Json_lines_have_the_columns_names_and_leave_out_what_is_not_known()
    {
        var text = await WriteAsync(false, true, Full, new ReportRow { Number = 8, State = "uploaded", Source = new BulkUploadSource { Blob = "c/b" } });

        Assert.Equal(
            """{"number":7,"key":"a,\"b\"\n中.txt","source":"https://h:8443/a%20b","state":"failed","size":5,"etag":"E","crc64":"18446744073709551615","attempts":3,"errorCode":"source_gone","errorMessage":"It is gone.","started":"2026-01-02T03:04:05.006Z","ended":"2026-01-02T03:04:06.000Z"}"""
            + "\n" + """{"number":8,"source":"c/b","state":"uploaded","attempts":0}""" + "\n", text);
    }

    [Fact]
    public async Task A_report_written_in_pieces_is_the_same_as_one_written_at_once()
    {
        var rows = Enumerable.Range(1, 5).Select(i => Full with { Number = i }).ToArray();

        Assert.Equal(await WriteAsync(true, true, rows), await WriteAsync(true, true, rows[..2]) + await WriteAsync(true, false, rows[2..]));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData(" =1")]
    [InlineData("＝1")]
    [InlineData("'=1")]
    public async Task No_cell_is_a_formula_and_one_apostrophe_off_gives_the_text(string key)
    {
        var text = await WriteAsync(true, false, Full with { Key = key });
        var cell = CsvFields.Split(text[..^2], ',')![1];

        Assert.Equal("'" + key, cell);
    }

    [Theory]
    [InlineData("a;=1", "\"a;=1\"")]
    [InlineData("a\t=1", "\"a\t=1\"")]
    [InlineData("a|=1", "\"a|=1\"")]
    [InlineData("a\",=1,\"", "\"a\"\",=1,\"\"\"")]
    [InlineData("a\r\n=1", "\"a\r\n=1\"")]
    public void What_some_program_takes_for_a_separator_is_in_quotes(string text, string cell) => Assert.Equal(cell, Cell(text));

    [Fact]
    public void Any_text_comes_back_from_its_cell_with_one_apostrophe_off() =>
        Gen.OneOf(Gen.String[0, 20], Gen.OneOf(Gen.Const('='), Gen.Const('\''), Gen.Const('"'), Gen.Const(','), Gen.Const(' '), Gen.Const('\n'), Gen.Const('a')).Array[0, 8].Select(chars => new string(chars))).Sample(text =>
        {
            var read = CsvFields.Split(Cell(text), ',')!.Single();

            Assert.Equal(text, read.StartsWith('\'') ? read[1..] : read);
            Assert.False(read.TrimStart() is ['=' or '+' or '-' or '@', ..]);
        });

    [Fact]
    public async Task A_million_rows_take_no_more_memory_than_a_few()
    {
        var output = PipeWriter.Create(new NowhereStream());
        using var writer = new ReportWriter(output, isCsv: true);
        var row = Full with { Key = "k", Source = null };
        await writer.WriteAsync(row, CancellationToken.None);
        var most = 0L;
        for (var i = 0; i < 1_000_000; i++)
        {
            await writer.WriteAsync(row, CancellationToken.None);
            most = Math.Max(most, output.UnflushedBytes);
        }

        Assert.InRange(most, 1, 33 * 1024);
    }

    [Fact]
    public async Task The_manifest_of_what_failed_is_read_again_as_it_was()
    {
        ManifestEntry[] entries =
        [
            new() { Source = new BulkUploadSource { Url = "https://h/a b?sig=\"x\"&y=<z>" }, Key = "中/\"\\\n", Size = long.MaxValue, Md5 = "m", Sha256 = "s", Crc64 = "7", ContentType = "a/b", Metadata = new Dictionary<string, string> { ["n"] = "v\"" } },
            new() { Source = new BulkUploadSource { File = "\u2028\U0001F600" } }, new() { Source = new BulkUploadSource { Blob = "c/b" } }, new() { Source = new BulkUploadSource { Oss = "oss://b/k" } },
        ];
        await RoundTripAsync(entries);
    }

    [Fact]
    public Task Any_entries_that_failed_are_read_again_as_they_were()
    {
        var text = Gen.String[1, 20].Select(value => value.Replace("\0", "0", StringComparison.Ordinal));
        var entry = Gen.Select(text, text, Gen.Long[0, long.MaxValue], text).Select(parts => new ManifestEntry
        {
            Source = new BulkUploadSource { File = Valid(parts.Item1) }, Key = Valid(parts.Item2), Size = parts.Item3, Metadata = new Dictionary<string, string> { ["n"] = Valid(parts.Item4) },
        });
        return entry.Array[1, 5].SampleAsync(RoundTripAsync);
    }

    // What came from a manifest has no half surrogate pair.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static async Task RoundTripAsync(ManifestEntry[] entries)
    {
        using var stream = new MemoryStream();
        using var manifest = new FailedManifest(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
        foreach (var entry in entries)
        {
            await manifest.WriteAsync(entry, CancellationToken.None);
        }

        await manifest.FlushAsync(CancellationToken.None);
        var lines = await Manifest.ReadAsync(stream.ToArray(), ManifestFormat.JsonLines);

        Assert.Equal(entries.Select(Manifest.Told), lines.Select(line => Manifest.Told(line.Entry)));
    }

    private static string Cell(string text)
    {
        var cell = new StringBuilder();
        CsvCell.Append(cell, text);
        return cell.ToString();
    }

    private static async Task<string> WriteAsync(bool isCsv, bool hasHeader, params ReportRow[] rows)
    {
        using var stream = new MemoryStream();
        using var writer = new ReportWriter(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)), isCsv);
        if (hasHeader)
        {
            writer.WriteHeader();
        }

        foreach (var row in rows)
        {
            await writer.WriteAsync(row, CancellationToken.None);
        }

        await writer.FlushAsync(CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class NowhereStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
