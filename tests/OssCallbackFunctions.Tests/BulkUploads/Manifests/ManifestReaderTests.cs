using System.Text;
using OssCallbackFunctions.BulkUploads;
using static OssCallbackFunctions.BulkUploads.ManifestFormat;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ManifestReaderTests
{
    [Fact]
    public async Task Reads_json_lines_with_every_member_and_the_byte_each_ends_at()
    {
        const string First = """{"file":"ä/1.jpg","key":"k","size":5,"md5":"m","sha256":"s","crc64":"18446744073709551615","contentType":"image/jpeg","metadata":{"a":"1"}}""";
        var text = "\n" + First + "\r\n  \n{\"url\":\"https://h/x\"}\n{\"blob\":\"c/p\",\"key\":null}\n{\"oss\":\"oss://b/k\"}";

        var lines = await Manifest.ReadAsync(text, JsonLines);

        Assert.All(lines, line => Assert.Null(line.Error));
        Assert.Equal(4, lines.Count);
        Assert.Equal(
            "BulkUploadSource { Url = , File = ä/1.jpg, Blob = , Oss =  }|k|5|m|s|18446744073709551615|image/jpeg|[a, 1]", Manifest.Told(lines[0].Entry));
        Assert.Equal("https://h/x", lines[1].Entry!.Source.Url);
        Assert.Equal("c/p", lines[2].Entry!.Source.Blob);
        Assert.Equal("oss://b/k", lines[3].Entry!.Source.Oss);
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(1, lines[0].Start);
        Assert.Equal(bytes.Length, lines[3].Next);
        Assert.Equal("{\"oss\":\"oss://b/k\"}", Encoding.UTF8.GetString(bytes[(int)lines[3].Start..]));
    }

    [Theory]
    [InlineData("""[{"file":"a"}]""", "It is no JSON object.")]
    [InlineData("""{"file":"a"}{"file":"b"}""", "It is not JSON, at byte 12.")]
    [InlineData("""{"file":"a" """, "It is not JSON, at byte 12.")]
    [InlineData("""{"file":"a",}""", "It is not JSON, at byte 12.")]
    [InlineData("""{"file":"a"} // x""", "It is not JSON, at byte 13.")]
    [InlineData("""{"file":"a","File":"b"}""", "The member File is not known.")]
    [InlineData("""{"file":"a","file":"b"}""", "The member file is there twice.")]
    [InlineData("""{"file":1}""", "file is no text.")]
    [InlineData("""{"file":["a"]}""", "file is no text.")]
    [InlineData("""{"file":"a","size":"5"}""", "size is no whole number of bytes.")]
    [InlineData("""{"file":"a","size":-1}""", "size is no whole number of bytes.")]
    [InlineData("""{"file":"a","size":1.5}""", "size is no whole number of bytes.")]
    [InlineData("""{"file":"a","size":9223372036854775808}""", "size is no whole number of bytes.")]
    [InlineData("""{"file":"a","crc64":1}""", "crc64 is no text.")]
    [InlineData("""{"file":"a","metadata":[]}""", "metadata is no object.")]
    [InlineData("""{"file":"a","metadata":{"n":1}}""", "metadata.n is no text.")]
    [InlineData("""{"file":"a","metadata":{"n":null}}""", "metadata.n is no text.")]
    [InlineData("""{"file":"a","metadata":{"n":"1","N":"2"}}""", "The member metadata.N is there twice.")]
    [InlineData("""{"file":"a","metadata.n":"1"}""", "The member metadata.n is not known.")]
    [InlineData("""{"file":"a","source":{"file":"b"}}""", "The member source is not known.")]
    [InlineData("""{"file":"a","url":"https://h/x"}""", "Exactly one of file, url, blob and oss is needed.")]
    [InlineData("""{"key":"a"}""", "Exactly one of file, url, blob and oss is needed.")]
    [InlineData("""{"file":"\ud800"}""", "It has text that is not valid Unicode.")]
    [InlineData("""{"file":"a\u0000"}""", "file has a NUL in it.")]
    [InlineData("""{"metadata":{"a":{"b":{}}}}""", "It is not JSON, at byte 17.")]
    public async Task Tells_what_is_wrong_with_a_line_and_reads_on(string line, string message)
    {
        var lines = await Manifest.ReadAsync(line + "\n{\"file\":\"b\"}\n", JsonLines);

        Assert.Equal(new BulkUploadError("manifest_line_invalid", message), lines[0].Error);
        Assert.Equal("b", lines[1].Entry!.Source.File);
    }

    [Fact]
    public async Task Does_not_follow_json_that_is_nested_a_million_times_deep()
    {
        var lines = await Manifest.ReadAsync("{\"file\":" + new string('[', 60_000) + "\n{\"x\":" + string.Concat(Enumerable.Repeat("{\"x\":", 10_000)), JsonLines);

        Assert.Equal(["manifest_line_invalid", "manifest_line_invalid"], lines.Select(line => line.Error!.Code));
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public async Task Reads_csv_by_its_header_with_quotes_and_quoted_line_breaks(char separator)
    {
        var text = "File,KEY, size ,md5,sha256,crc64,contenttype,metadata.Album\r\n\"a \"\"b\"\"\nc.txt\",k,5,,,,,\r\n\r\nd,\"\",,m,s,7,text/plain,\"x\"".Replace(',', separator);

        var lines = await Manifest.ReadAsync(text, Csv);

        Assert.All(lines, line => Assert.Null(line.Error));
        Assert.Equal(["BulkUploadSource { Url = , File = a \"b\"\nc.txt, Blob = , Oss =  }|k|5|||||", "BulkUploadSource { Url = , File = d, Blob = , Oss =  }|||m|s|7|text/plain|[Album, x]"],
            lines.Select(line => Manifest.Told(line.Entry)));
    }

    [Theory]
    [InlineData("a", "It has 1 fields, the header line 2.")]
    [InlineData("a,b,c", "It has 3 fields, the header line 2.")]
    [InlineData("\"a\"b,c", "Its quotes are wrong: a field with quotes in it is put in quotes, and they are doubled.")]
    [InlineData("a\"b,c", "Its quotes are wrong: a field with quotes in it is put in quotes, and they are doubled.")]
    [InlineData(",5", "Exactly one of file, url, blob and oss is needed.")]
    [InlineData("a,+5", "size is no whole number of bytes.")]
    [InlineData("a, 5", "size is no whole number of bytes.")]
    [InlineData("a,1e3", "size is no whole number of bytes.")]
    public async Task Tells_what_is_wrong_with_a_record_of_csv_and_reads_on(string record, string message)
    {
        var lines = await Manifest.ReadAsync($"file,size\n{record}\nb,6\n", Csv);

        Assert.Equal(new BulkUploadError("manifest_line_invalid", message), lines[0].Error);
        Assert.Equal(6, lines[1].Entry!.Size);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_takes_the_rest_with_it_and_is_told_of()
    {
        var lines = await Manifest.ReadAsync("file,size\na,1\n\"b,2\nc,3\n", Csv);

        Assert.Equal(2, lines.Count);
        Assert.Equal("manifest_line_invalid", lines[1].Error!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("file,sice\na,1")]
    [InlineData("a.jpg,b.jpg\n")]
    [InlineData("file,FILE\n")]
    [InlineData("key,size\n")]
    [InlineData("file,metadata.\n")]
    [InlineData("\"file,key\n")]
    [InlineData("{\"file\":\"a\"}\n")]
    public async Task A_csv_whose_header_is_wrong_is_refused_at_once(string text)
    {
        var e = await Assert.ThrowsAsync<ManifestException>(() => Manifest.ReadAsync(text, Csv));
        var same = await Assert.ThrowsAsync<ManifestException>(() => Manifest.HeaderAsync(Encoding.UTF8.GetBytes(text), Csv));

        Assert.Equal("manifest_header_invalid", e.Code);
        Assert.Equal(e.Message, same.Message);
    }

    [Fact]
    public async Task A_header_longer_than_8_KiB_is_refused()
    {
        var e = await Assert.ThrowsAsync<ManifestException>(() => Manifest.ReadAsync("file" + new string(' ', 100_000) + "\na", Csv));

        Assert.Equal("manifest_header_invalid", e.Code);
    }

    [Fact]
    public async Task Reads_ossimports_http_list_and_escapes_the_path_in_the_url()
    {
        var lines = await Manifest.ReadAsync("# comment\n  # another\nhttps://h/p/\ta b%/ä?.txt\nhttps://h   /c.txt\t \nhttps://h/alone\n", HttpList);

        Assert.Equal(3, lines.Count);
        Assert.Equal(("https://h/p/a%20b%25/%C3%A4%3F.txt", "a b%/ä?.txt"), (lines[0].Entry!.Source.Url, lines[0].Entry!.Key));
        Assert.Equal(("https://h/c.txt", "c.txt"), (lines[1].Entry!.Source.Url, lines[1].Entry!.Key));
        Assert.Equal("manifest_line_invalid", lines[2].Error!.Code);
    }

    [Fact]
    public async Task Leaves_a_byte_order_mark_out()
    {
        var lines = await Manifest.ReadAsync("\uFEFF{\"file\":\"a\"}", JsonLines);
        var csv = await Manifest.ReadAsync("\uFEFFfile\na", Csv);

        Assert.Equal((3, "a"), (lines.Single().Start, lines.Single().Entry!.Source.File));
        Assert.Equal("a", csv.Single().Entry!.Source.File);
    }

    [Theory]
    [InlineData("FFFE7B00", "UTF-16")]
    [InlineData("FEFF007B", "UTF-16")]
    [InlineData("FFFE00007B000000", "UTF-32")]
    [InlineData("0000FEFF0000007B", "UTF-32")]
    [InlineData("7B0022006600", "binary")]
    [InlineData("1F8B0800", "gzip")]
    [InlineData("504B0304", "zip")]
    [InlineData("28B52FFD", "zstd")]
    [InlineData("FD377A585A00", "xz")]
    [InlineData("425A6839", "bzip2")]
    public async Task What_is_no_text_is_named(string hex, string name)
    {
        foreach (var format in Enum.GetValues<ManifestFormat>())
        {
            var e = await Assert.ThrowsAsync<ManifestException>(() => Manifest.ReadAsync(Convert.FromHexString(hex), format));
            await Assert.ThrowsAsync<ManifestException>(() => Manifest.HeaderAsync(Convert.FromHexString(hex), format));

            Assert.Equal("manifest_not_text", e.Code);
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_line_that_is_not_utf_8_is_one_error()
    {
        byte[] bytes = [.. "{\"file\":\""u8, 0xC3, 0x28, .. "\"}\n{\"file\":\"b\"}"u8];

        var lines = await Manifest.ReadAsync(bytes, JsonLines);

        Assert.Equal(["manifest_line_not_utf8", null], lines.Select(line => line.Error?.Code));
    }

    [Theory]
    [InlineData(ManifestRecords.MaxBytes, false)]
    [InlineData(ManifestRecords.MaxBytes + 1, true)]
    [InlineData(ManifestRecords.MaxBytes + 2, true)]
    [InlineData(3 * ManifestRecords.MaxBytes, true)]
    public async Task A_line_has_at_most_64_KiB_and_the_rest_goes_on_behind_a_longer_one(int length, bool isTooLong)
    {
        foreach (var end in new[] { "\n", "\r\n" })
        {
            foreach (var piece in new[] { 1000, 65_536, int.MaxValue })
            {
                var text = "{\"file\":\"a\"}" + new string(' ', length - 12) + end + "{\"file\":\"b\"}";
                var lines = await Manifest.ReadAsync(Encoding.UTF8.GetBytes(text), JsonLines, piece: piece);

                Assert.Equal(isTooLong ? "manifest_line_too_long" : null, lines[0].Error?.Code);
                Assert.Equal(length + end.Length, lines[0].Next);
                Assert.Equal("b", lines[1].Entry!.Source.File);
            }
        }
    }

    [Fact]
    public async Task A_record_of_csv_that_is_too_long_is_skipped_to_its_end_quotes_and_all()
    {
        var lines = await Manifest.ReadAsync($"file,key\n\"{new string('x', 70_000)}\n\"\"evil\",k\n{new string('y', 200_000)}\",z\nb,c\n", Csv);

        Assert.Equal(["manifest_line_too_long", "manifest_line_too_long", null], lines.Select(line => line.Error?.Code));
        Assert.Equal("b", lines[2].Entry!.Source.File);
    }

    [Fact]
    public async Task The_text_for_the_report_is_short_and_ends_before_what_may_be_a_signature()
    {
        var text = $$"""
            {"url":"https://h/p?sig=SECRET","key":"k"}
            {"url":"https:\/\/h\/p\u003Fsig=SECRET","key":"k"}
            {"file":"{{new string('ä', 300)}}","key":"what?"}
            {"file":"a","key":"what?"}
            """;
        var lines = await Manifest.ReadAsync(text, JsonLines);
        var list = await Manifest.ReadAsync("https://h/?sig=SECRET\n", HttpList);

        Assert.DoesNotContain(lines.Concat(list), line => line.Text!.Contains("SECRET", StringComparison.Ordinal));
        Assert.Equal(200, lines[2].Text!.Length);
        Assert.Equal("{\"file\":\"a\",\"key\":\"what?\"}", lines[3].Text);
    }

    [Theory]
    [InlineData("a/b.jsonl", JsonLines)]
    [InlineData("b.NDJSON", JsonLines)]
    [InlineData("https://h/b.csv?sig=x.list", Csv)]
    [InlineData("b.tsv", Csv)]
    [InlineData("http.list", HttpList)]
    [InlineData("b.txt", null)]
    public void Tells_the_format_by_the_name(string name, ManifestFormat? format) => Assert.Equal(format, ManifestFormats.ByName(name));

    [Fact]
    public async Task Stops_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"file\":\"a\"}\n", 50_000))));
        var read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in ManifestReader.ReadAsync(stream, 0, JsonLines, null, cancelled.Token))
            {
                read++;
                await cancelled.CancelAsync();
            }
        });

        Assert.InRange(read, 1, 20_000);
    }
}
