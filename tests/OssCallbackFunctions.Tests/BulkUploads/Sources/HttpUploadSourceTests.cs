using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

/// <summary>Sources by HTTP from servers that write each answer to the letter.</summary>
[Trait("hole", "s11")]
public sealed class HttpUploadSourceTests
{
    private static readonly SourceFacts Pinned = new(1000, "\"one\"");
    private static readonly PartRange Part = new(2, 100, 10);

    [Theory]
    [InlineData("HTTP/1.1 206 Partial\r\nETag: \"one\"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-0/1000\r\nContent-Length: 1\r\n\r\nx", 1000, "\"one\"", true)]
    [InlineData("HTTP/1.1 206 Partial\r\nETag: W/\"weak\"\r\nLast-Modified: Thu, 02 Jan 2025 03:04:05 GMT\r\nContent-Range: bytes 0-0/7\r\nContent-Length: 1\r\n\r\nx", 7, "Thu, 02 Jan 2025 03:04:05 GMT", true)]
    [InlineData("HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\n\r\nhello", 5, "\"one\"", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 5, "", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, "", true)]
    [InlineData("HTTP/1.1 416 No\r\nContent-Range: bytes */0\r\nContent-Length: 0\r\n\r\n", 0, "", true)]
    public async Task Tells_the_facts(string answer, long size, string version, bool hasRanges)
    {
        await using var server = new RawSource(answer);
        var facts = await Find(server).ProbeAsync(default);
        Assert.Equal((size, version, hasRanges), (facts.Size, facts.Version, facts.HasRanges));
        Assert.Contains("Range: bytes=0-0\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: identity\r\n", server.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("206 P\r\nContent-Range: bytes 0-0/1000\r\nContent-Length: 1\r\n\r\nx", "source_without_version")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 0-0/*\r\nContent-Length: 1\r\n\r\nx", "source_without_length")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Length: 1\r\n\r\nx", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 0-1/1000\r\nContent-Length: 2\r\n\r\nxx", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: items 0-0/1000\r\nContent-Length: 1\r\n\r\nx", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Encoding: gzip\r\nContent-Range: bytes 0-0/1000\r\nContent-Length: 1\r\n\r\nx", "source_encoded")]
    [InlineData("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "source_without_length")]
    [InlineData("200 OK\r\nContent-Length: 2001\r\n\r\n", "source_without_ranges")]
    [InlineData("200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello", "source_encoded")]
    [InlineData("416 No\r\nContent-Range: bytes */7\r\nContent-Length: 0\r\n\r\n", "source_lies")]
    [InlineData("204 No\r\n\r\n", "source_refused")]
    [InlineData("304 No\r\n\r\n", "source_refused")]
    [InlineData("401 No\r\nContent-Length: 0\r\n\r\n", "source_refused")]
    [InlineData("403 No\r\nContent-Length: 0\r\n\r\n", "source_refused")]
    [InlineData("404 No\r\nContent-Length: 0\r\n\r\n", "source_not_found")]
    [InlineData("410 No\r\nContent-Length: 0\r\n\r\n", "source_not_found")]
    [InlineData("302 Go\r\nContent-Length: 0\r\n\r\n", "source_redirected")]
    [InlineData("302 Go\r\nLocation: /file\r\nContent-Length: 0\r\n\r\n", "source_redirected")]
    [InlineData("302 Go\r\nLocation: http://127.0.0.2/file\r\nContent-Length: 0\r\n\r\n", "source_not_allowed")]
    [InlineData("302 Go\r\nLocation: ftp://127.0.0.1/file\r\nContent-Length: 0\r\n\r\n", "source_not_allowed")]
    [InlineData("302 Go\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", "source_not_allowed")]
    [InlineData("302 Go\r\nLocation: http://user:secret@AUTHORITY/file\r\nContent-Length: 0\r\n\r\n", "source_not_allowed")]
    [InlineData("302 Go\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n", "source_not_allowed")]
    public async Task Refuses_for_good(string answer, string code)
    {
        RawSource? server = null;
        await using var disposed = server = new RawSource((_, stream, token) =>
            stream.WriteAsync(Encoding.Latin1.GetBytes("HTTP/1.1 " + answer.Replace("AUTHORITY", server!.Authority, StringComparison.Ordinal)), token).AsTask());
        var refused = await Assert.ThrowsAsync<SourceException>(() => Find(server).ProbeAsync(default));
        Assert.Equal(code, refused.Code);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n0123456789", null)]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n", null)]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/*\r\nContent-Length: 10\r\n\r\n0123456789", null)]
    [InlineData("206 P\r\nETag: \"two\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n0123456789", "source_changed")]
    [InlineData("206 P\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n0123456789", "source_changed")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1001\r\nContent-Length: 10\r\n\r\n0123456789", "source_changed")]
    [InlineData("412 No\r\nContent-Length: 0\r\n\r\n", "source_changed")]
    [InlineData("416 No\r\nContent-Length: 0\r\n\r\n", "source_changed")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 0-9/1000\r\nContent-Length: 10\r\n\r\n0123456789", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-110/1000\r\nContent-Length: 11\r\n\r\n0123456789a", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 9\r\n\r\n012345678", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 11\r\n\r\n0123456789a", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\n\r\n0123456789and so on", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Type: multipart/byteranges; boundary=b\r\nContent-Length: 10\r\n\r\n0123456789", "source_lies")]
    [InlineData("200 OK\r\nETag: \"one\"\r\nContent-Length: 1000\r\n\r\n0123456789", "source_lies")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Encoding: gzip\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n0123456789", "source_encoded")]
    public async Task Reads_a_range_and_believes_nothing(string answer, string? code)
    {
        await using var server = new RawSource("HTTP/1.1 " + answer);
        var reading = Find(server).Open(Part, Pinned).BytesAsync();
        if (code is null)
        {
            Assert.Equal("0123456789"u8.ToArray(), await reading);
            Assert.Contains("Range: bytes=100-109\r\n", server.Requests[0], StringComparison.Ordinal);
            Assert.Contains("If-Match: \"one\"\r\n", server.Requests[0], StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(() => reading)).Code);
        }
    }

    [Fact]
    public async Task Reads_a_source_without_ranges_in_one_piece_and_no_other()
    {
        await using var server = new RawSource("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        var source = Find(server);
        var facts = await source.ProbeAsync(default);
        Assert.Equal("hello"u8.ToArray(), await source.Open(new PartRange(1, 0, 5), facts).BytesAsync());
        Assert.DoesNotContain("Range:", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal("source_without_ranges", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(1, 0, 4), facts).BytesAsync())).Code);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("200 OK\r\nETag: \"two\"\r\nContent-Length: 5\r\n\r\nhello", "source_changed")]
    [InlineData("200 OK\r\nETag: \"one\"\r\nContent-Length: 6\r\n\r\nhello!", "source_changed")]
    [InlineData("206 P\r\nETag: \"one\"\r\nContent-Range: bytes 1-5/5\r\nContent-Length: 5\r\n\r\nhello", "source_lies")]
    [InlineData("200 OK\r\nETag: \"one\"\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n", "source_lies")]
    public async Task Pins_a_source_without_ranges_too(string answer, string code)
    {
        await using var server = new RawSource("HTTP/1.1 " + answer);
        var pinned = new SourceFacts(5, "\"one\"") { HasRanges = false };
        Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(() => Find(server).Open(new PartRange(1, 0, 5), pinned).BytesAsync())).Code);
    }

    [Fact]
    public async Task Takes_all_of_it_for_the_range_that_is_all_of_it()
    {
        await using var server = new RawSource("HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal("hello"u8.ToArray(), await Find(server).Open(new PartRange(1, 0, 5), new SourceFacts(5, "\"one\"")).BytesAsync());
    }

    [Theory]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 408 No\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n01234")]
    [InlineData("HTTP/1.1 206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n")]
    [InlineData("")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task What_may_pass_is_no_refusal(string answer)
    {
        await using var server = new RawSource(answer);
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => Find(server).Open(Part, Pinned).BytesAsync());
        Assert.True(OssRetry.IsTransient(failed), failed.ToString());
    }

    [Theory]
    [InlineData("503 No\r\nRetry-After: 17", 17)]
    [InlineData("429 No\r\nRetry-After: Thu, 02 Jan 2025 03:05:05 GMT", 60)]
    [InlineData("429 No\r\nRetry-After: Thu, 02 Jan 2025 03:00:00 GMT", 0)]
    [InlineData("429 No\r\nRetry-After: 999999999", 3600)]
    [InlineData("503 No", null)]
    public async Task Carries_the_pause_that_a_busy_server_asks_for(string answer, int? seconds)
    {
        await using var server = new RawSource($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var busy = await Assert.ThrowsAsync<SourceBusyException>(() => Find(server, clock: clock).ProbeAsync(default));
        Assert.Equal(seconds, busy.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, "source_redirected")]
    public async Task Follows_so_many_redirects_and_no_more(int redirects, string? code)
    {
        await using var server = new RawSource((head, stream, token) =>
        {
            var hop = int.Parse(head.Split(' ')[1].Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
            return stream.WriteAsync(Encoding.Latin1.GetBytes(hop == redirects
                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
                : $"HTTP/1.1 {(hop % 2 == 0 ? 302 : 308)} Go\r\nLocation: {(hop % 2 == 0 ? "" : "/a/../")}hop-{hop + 1}\r\nContent-Length: 0\r\n\r\n"), token).AsTask();
        });
        var probing = Find(server, path: "hop-0").ProbeAsync(default);
        if (code is null)
        {
            Assert.Equal(5, (await probing).Size);
            Assert.All(server.Requests, head => Assert.Contains("Range: bytes=0-0\r\n", head, StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<SourceException>(() => probing)).Code);
        }

        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Long: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X-Many: 1\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Does_not_read_headers_for_ever(string start, string repeated)
    {
        await using var server = new RawSource(async (_, stream, token) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(start), token);
            while (true)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(repeated), token);
            }
        });
        var clock = new FakeTimeProvider();
        var probing = Find(server, clock: clock).ProbeAsync(default);
        while (!probing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1);
        }

        Assert.True(await Record.ExceptionAsync(() => probing) is SourceException { Code: "source_lies" } or TimeoutException);
    }

    [Fact]
    public async Task Does_not_wait_for_ever_for_an_answer_or_a_body()
    {
        await using var server = new RawSource(async (head, stream, token) =>
        {
            if (head.Contains("bytes=100-", StringComparison.Ordinal))
            {
                await stream.WriteAsync("HTTP/1.1 206 P\r\nETag: \"one\"\r\nContent-Range: bytes 100-109/1000\r\nContent-Length: 10\r\n\r\n01234"u8.ToArray(), token);
            }

            await Task.Delay(Timeout.Infinite, token);
        });
        var clock = new FakeTimeProvider();
        foreach (var waiting in (Task[])[Find(server, clock: clock).ProbeAsync(default), Find(server, clock: clock).Open(Part, Pinned).BytesAsync()])
        {
            while (!waiting.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1);
            }

            await Assert.ThrowsAnyAsync<TimeoutException>(() => waiting);
        }
    }

    [Fact]
    public async Task Refuses_a_host_of_this_machine_before_it_connects()
    {
        await using var server = new RawSource("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        foreach (var host in (string[])["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:7f00:1]", "[::1]"])
        {
            var url = new Uri($"http://{host}:{server.Port}/");
            var options = new BulkUploadOptions { AllowedSourceHosts = url.Authority, AllowHttpSources = true };
            var refused = await Assert.ThrowsAsync<SourceException>(() => Some.Sources(options).Find(new BulkUploadSource { Url = url.OriginalString }).ProbeAsync(default));
            Assert.Equal("source_address_refused", refused.Code);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Refuses_a_name_with_one_address_that_is_not_public_and_asks_for_its_addresses_once()
    {
        await using var server = new RawSource("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        var asked = new List<string>();
        Task<IPAddress[]> Resolve(string host, CancellationToken token)
        {
            asked.Add(host);
            return Task.FromResult<IPAddress[]>(host == "mixed.test" ? [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback] : [IPAddress.Loopback]);
        }

        var (guarded, open) = (Source("mixed.test", allowPrivate: false), Source("source.test", allowPrivate: true));
        Assert.Equal("source_address_refused", (await Assert.ThrowsAsync<SourceException>(() => guarded.ProbeAsync(default))).Code);
        Assert.Equal(5, (await open.ProbeAsync(default)).Size);
        Assert.Equal(["mixed.test", "source.test"], asked);

        HttpUploadSource Source(string host, bool allowPrivate)
        {
            var urls = new SourceUrls(new BulkUploadOptions { AllowedSourceHosts = $"{host}:{server.Port}", AllowHttpSources = true });
            return new HttpUploadSource(new HttpSourceClient(SourceConnections.Client(allowPrivate, Resolve), urls, 5, TimeProvider.System), urls.Allow($"http://{host}:{server.Port}/"), 1000);
        }
    }

    private static IUploadSource Find(RawSource server, string path = "file", TimeProvider? clock = null) =>
        Some.Sources(new BulkUploadOptions { AllowedSourceHosts = server.Authority, AllowHttpSources = true, AllowPrivateSources = true, MaxUnrangedSize = 2000 }, clock: clock)
            .Find(new BulkUploadSource { Url = $"http://{server.Authority}/{path}" });
}
