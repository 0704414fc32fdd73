using System.Text;
using Microsoft.AspNetCore.Http;

namespace Oss.Protocol.Tests;

/// <summary>The client over real HTTP: what it sends to the letter, and what it makes of answers.</summary>
public sealed class OssClientTests : IAsyncLifetime
{
    private static readonly UploadBody Hello = UploadBody.From("hello"u8.ToArray());

    private TestOss _oss = null!;

    public async ValueTask InitializeAsync() => _oss = await TestOss.StartAsync();

    public ValueTask DisposeAsync() => _oss.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Keys => new()
    {
        { "plain.txt", "plain.txt" },
        { "a/../b", "a/../b" },
        { "a/./b", "a/./b" },
        { "..", ".." },
        { ".", "." },
        { "../../etc", "../../etc" },
        { "a//b/", "a//b/" },
        { "a+b", "a%2Bb" },
        { "100%", "100%25" },
        { "a%2Fb", "a%252Fb" },
        { "%2e%2e/%00", "%252e%252e/%2500" },
        { "a b", "a%20b" },
        { "图片/封面.png", "%E5%9B%BE%E7%89%87/%E5%B0%81%E9%9D%A2.png" },
        { "😀", "%F0%9F%98%80" },
        { "a?b#c&d=e", "a%3Fb%23c%26d%3De" },
        { "a\\b", "a%5Cb" },
        { "tab\tand\u0001", "tab%09and%01" },
        { "~-_.!*'()", "~-_.%21%2A%27%28%29" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Sends_a_key_to_the_letter_and_signs_what_it_sends(string key, string path)
    {
        _oss.Answer = TestOss.Store;
        foreach (var name in (string[])["", "oss-cn-hangzhou.localhost:"])
        {
            var client = name.Length == 0 ? _oss.Client() : _oss.Client(OssEndpoint.Parse($"http://{name}{_oss.Authority.Split(':')[1]}"));
            var prefix = name.Length == 0 ? "/examplebucket/" : "/";
            await client.PutObjectAsync(Some.Bucket, key, Hello, cancellationToken: Token);
            await client.UploadPartAsync(Some.Bucket, key, "id+/=", 7, Hello, Token);

            Assert.Equal([prefix + path, $"{prefix}{path}?partNumber=7&uploadId=id%2B%2F%3D"], _oss.Requests.TakeLast(2).Select(request => request.Target));
            Assert.All(_oss.Requests.TakeLast(2), request => Assert.True(request.Signature.IsValid, request.Signature.Error?.ToString()));
        }

        Assert.Equal("examplebucket.oss-cn-hangzhou.localhost", _oss.Requests[^1].Host.Split(':')[0]);
    }

    [Fact]
    public async Task Uploads_with_properties_and_callback_in_signed_headers()
    {
        _oss.AnswerWith(TestOss.Ok("{\"Status\":\"OK\"}", ("ETag", "\"E\"")));
        var callback = new CallbackParameter { Urls = ["https://h/cb"], Body = "b", Variables = new Dictionary<string, string> { ["x:a"] = "1" } };

        var stored = await _oss.Client(key: Some.TemporaryKey).PutObjectAsync(
            Some.Bucket, "k", Hello,
            new ObjectProperties { ContentType = "text/plain; charset=utf-8", ForbidOverwrite = true, CacheControl = "no-cache,  max-age=0", Metadata = new Dictionary<string, string> { ["author"] = "alice" } },
            callback, Token);

        var request = Assert.Single(_oss.Requests);
        Assert.True(request.Signature.IsValid, request.Signature.Error?.ToString());
        Assert.Equal("hello"u8.ToArray(), request.Body);
        Assert.Equal("5", request.Headers["Content-Length"]);
        Assert.Equal("text/plain; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("true", request.Headers["x-oss-forbid-overwrite"]);
        Assert.Equal("no-cache,  max-age=0", request.Headers["Cache-Control"]);
        Assert.Equal("alice", request.Headers["x-oss-meta-author"]);
        Assert.Equal(callback.ToBase64(), request.Headers["x-oss-callback"]);
        Assert.Equal(callback.VariablesToBase64(), request.Headers["x-oss-callback-var"]);
        Assert.Equal("CAISsimpletoken", request.Headers["x-oss-security-token"]);
        Assert.Equal(new StoredObject("\"E\"", null, "{\"Status\":\"OK\"}", null), stored);
    }

    [Fact]
    public async Task Reports_a_failed_callback_with_the_object_and_does_not_upload_again()
    {
        var xml = new OssError(OssErrorCode.CallbackFailed, "Error status : 502.", "0007-00000203").ToXml("5C3D8D2A0ACA54D87B43C048", "host");
        _oss.AnswerWith(TestOss.Status(203, xml, ("ETag", "\"E\""), ("x-oss-hash-crc64ecma", Crc64.ToText(Crc64.Compute("hello"u8)))));
        var callback = new CallbackParameter { Urls = ["https://h/cb"], Body = "b" };

        var put = await _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, callback: callback, cancellationToken: Token);
        Assert.Single(_oss.Requests);
        var completed = await _oss.Client().CompleteMultipartUploadAsync(Some.Bucket, "k", "id", [new UploadedPart(1, "\"P\"", 5, null)], callback: callback, cancellationToken: Token);

        foreach (var stored in (StoredObject[])[put, completed])
        {
            Assert.Equal(("\"E\"", null, "CallbackFailed", "0007-00000203"), (stored.ETag, stored.CallbackReply, stored.CallbackError?.Code, stored.CallbackError?.Ec));
            Assert.Equal(Crc64.Compute("hello"u8), stored.Crc64);
        }
    }

    [Fact]
    public async Task Tries_again_when_OSS_is_busy_and_opens_the_body_anew()
    {
        _oss.AnswerWith(TestOss.Refuse(OssErrorCode.ServiceUnavailable), TestOss.Refuse(OssErrorCode.ServiceUnavailable), TestOss.Store);
        var opened = 0;
        var bytes = new Arbitrary(1).Bytes(700_000);

        var part = await _oss.Client().UploadPartAsync(Some.Bucket, "k", "id", 1, new UploadBody(bytes.Length, _ => Open(bytes, () => opened++)), Token);

        Assert.Equal(new UploadedPart(1, "\"E\"", bytes.Length, Crc64.Compute(bytes)), part);
        Assert.Equal((3, 3), (opened, _oss.Requests.Count));
        Assert.All(_oss.Requests, request => Assert.Equal(bytes, request.Body));
    }

    [Theory]
    [InlineData(403, "AccessDenied", 1)]
    [InlineData(403, "SignatureDoesNotMatch", 1)]
    [InlineData(404, "NoSuchBucket", 1)]
    [InlineData(409, "FileAlreadyExists", 1)]
    [InlineData(501, "NotImplemented", 1)]
    [InlineData(307, "TemporaryRedirect", 1)]
    [InlineData(400, "RequestTimeout", 3)]
    [InlineData(403, "RequestTimeTooSkewed", 3)]
    [InlineData(408, "Any", 3)]
    [InlineData(429, "QpsLimitExceeded", 3)]
    [InlineData(500, "InternalError", 3)]
    [InlineData(502, "Any", 3)]
    [InlineData(503, "ServiceUnavailable", 3)]
    public async Task Gives_up_at_once_or_after_three_attempts_by_the_kind_of_refusal(int status, string code, int attempts)
    {
        _oss.AnswerWith(TestOss.Refuse(new OssErrorCode(code, status)));

        var error = await Assert.ThrowsAsync<OssException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token));

        Assert.Equal((code, status, "5C3D8D2A0ACA54D87B43C048"), (error.Error.Code, error.Error.HttpStatus, error.Error.RequestId));
        Assert.Equal(attempts, _oss.Requests.Count);
    }

    [Fact]
    public async Task Waits_twice_as_long_after_each_attempt_by_the_clock_it_was_given()
    {
        _oss.AnswerWith(TestOss.Refuse(OssErrorCode.ServiceUnavailable), TestOss.Refuse(OssErrorCode.ServiceUnavailable), TestOss.Store);
        var retry = new OssRetry { Jitter = () => 1 };
        var put = _oss.Client(retry: retry).PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token);
        while (!put.IsCompleted)
        {
            // Time passes only here: without it the second attempt would never come.
            _oss.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Token);
        }

        await put;
        Assert.Equal(3, _oss.Requests.Count);
        Assert.Equal([0.2, 0.4, 0.8, 20, 20], ((int[])[1, 2, 3, 8, 2000]).Select(attempt => retry.DelayAfter(attempt).TotalSeconds));
        Assert.Equal(TimeSpan.Zero, new OssRetry { BaseDelay = TimeSpan.Zero }.DelayAfter(3));
    }

    [Fact]
    public async Task Tries_again_when_the_connection_breaks()
    {
        _oss.AnswerWith(TestOss.Break, TestOss.Break, TestOss.Store);
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token);
        Assert.Equal(3, _oss.Requests.Count);

        _oss.AnswerWith(TestOss.Break);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token));
        Assert.Equal(6, _oss.Requests.Count);
    }

    [Fact]
    public async Task Does_not_repeat_Initiate_or_Complete_when_the_connection_breaks_but_does_when_OSS_is_busy()
    {
        var client = _oss.Client();
        var parts = (UploadedPart[])[new(1, "\"A\"", 5, null), new(2, "\"B\"", 5, null)];
        _oss.AnswerWith(TestOss.Break);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.CompleteMultipartUploadAsync(Some.Bucket, "k", "id", parts, cancellationToken: Token));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.InitiateMultipartUploadAsync(Some.Bucket, "k", cancellationToken: Token));
        Assert.Equal(2, _oss.Requests.Count);

        _oss.Answer = (arrived, response) => _oss.Requests.Count % 2 == 1 ? TestOss.Refuse(OssErrorCode.ServiceUnavailable)(arrived, response)
            : TestOss.Ok(arrived.Target.Contains("uploads", StringComparison.Ordinal)
                ? new InitiateMultipartUploadResult(Some.Bucket, "k", "new-id").ToXml(encodeKey: true)
                : new CompleteMultipartUploadResult("http://l", Some.Bucket, "k", "\"E-2\"").ToXml(encodeKey: true))(arrived, response);
        var completed = await client.CompleteMultipartUploadAsync(Some.Bucket, "k", "id", parts, new ObjectProperties { ForbidOverwrite = true }, cancellationToken: Token);
        Assert.Equal(new StoredObject("\"E-2\"", null, null, null), completed);
        Assert.Equal("new-id", await client.InitiateMultipartUploadAsync(Some.Bucket, "k", new ObjectProperties { ContentType = "image/png" }, Token));

        Assert.Equal(6, _oss.Requests.Count);
        Assert.Equal([(1, "\"A\""), (2, "\"B\"")], CompleteMultipartUpload.Parse(Encoding.UTF8.GetString(_oss.Requests[3].Body)).Parts);
        Assert.Equal(("application/xml", "true"), (_oss.Requests[3].Headers["Content-Type"], _oss.Requests[3].Headers["x-oss-forbid-overwrite"]));
        Assert.Equal("image/png", _oss.Requests[5].Headers["Content-Type"]);
        Assert.All(_oss.Requests, request => Assert.True(request.Signature.IsValid, request.Signature.Error?.ToString()));
    }

    [Fact]
    public async Task Gives_the_callback_s_reply_to_a_Complete()
    {
        _oss.AnswerWith(TestOss.Ok("{\"Status\":\"OK\"}", ("ETag", "\"E-1\""), ("x-oss-hash-crc64ecma", "7")));
        var stored = await _oss.Client().CompleteMultipartUploadAsync(
            Some.Bucket, "k", "id", [new UploadedPart(1, "\"A\"", 5, null)], callback: new CallbackParameter { Urls = ["https://h/cb"], Body = "b" }, cancellationToken: Token);
        Assert.Equal(new StoredObject("\"E-1\"", 7, "{\"Status\":\"OK\"}", null), stored);
    }

    [Fact]
    public async Task Sends_again_what_arrived_altered_and_says_so_in_the_end()
    {
        var wrong = TestOss.Ok("", ("ETag", "\"E\""), ("x-oss-hash-crc64ecma", "1"));
        _oss.AnswerWith(wrong, TestOss.Store);
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token);
        Assert.Equal(2, _oss.Requests.Count);

        _oss.AnswerWith(wrong);
        await Assert.ThrowsAsync<OssIntegrityException>(() => _oss.Client().UploadPartAsync(Some.Bucket, "k", "id", 1, Hello, Token));
        await Assert.ThrowsAsync<OssIntegrityException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token));
        Assert.Equal(8, _oss.Requests.Count);
    }

    [Fact]
    public async Task Does_not_open_again_a_source_that_ended_early()
    {
        _oss.Answer = TestOss.Store;
        var opened = 0;

        var thrown = await Assert.ThrowsAnyAsync<Exception>(
            () => _oss.Client().PutObjectAsync(Some.Bucket, "k", new UploadBody(10, _ => Open("hello"u8.ToArray(), () => opened++)), cancellationToken: Token));

        Assert.IsType<SourceEndedException>(thrown as SourceEndedException ?? thrown.InnerException);
        Assert.False(OssRetry.IsTransient(thrown));
        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Opens_again_a_source_that_broke_off()
    {
        _oss.Answer = TestOss.Store;
        var opened = 0;
        await _oss.Client().PutObjectAsync(
            Some.Bucket, "k", new UploadBody(5, _ => ++opened < 3 ? throw new IOException("source lost") : Open("hello"u8.ToArray(), () => { })), cancellationToken: Token);
        Assert.Equal(3, opened);
        Assert.Equal("hello"u8.ToArray(), _oss.Requests[^1].Body);
    }

    [Fact]
    public async Task Sends_no_more_of_a_source_than_was_said_and_nothing_of_an_empty_one()
    {
        _oss.Answer = TestOss.Store;
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", new UploadBody(4, _ => Open("hello"u8.ToArray(), () => { })), cancellationToken: Token);
        await _oss.Client().PutObjectAsync(Some.Bucket, "k", UploadBody.From(default), cancellationToken: Token);
        Assert.Equal("hell"u8.ToArray(), _oss.Requests[0].Body);
        Assert.Equal("0", _oss.Requests[1].Headers["Content-Length"]);
    }

    [Fact]
    public async Task Uploads_a_range_of_a_file()
    {
        _oss.Answer = TestOss.Store;
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var bytes = new Arbitrary(5).Bytes(600_000);
        await File.WriteAllBytesAsync(path, bytes, Token);
        try
        {
            await _oss.Client().UploadPartAsync(Some.Bucket, "k", "id", 2, UploadBody.FromFile(path, 1_000, 500_000), Token);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(bytes[1_000..501_000], _oss.Requests[0].Body);
    }

    [Fact]
    public async Task Reads_the_facts_of_an_object()
    {
        _oss.Answer = (_, response) =>
        {
            response.ContentLength = 344_606;
            response.ContentType = "image/jpeg";
            return TestOss.Ok("", ("ETag", "\"E\""), ("x-oss-hash-crc64ecma", "18446744073709551615"), ("Last-Modified", "Thu, 02 Jan 2025 03:04:05 GMT"))(null!, response);
        };
        Assert.Equal(new ObjectHead(344_606, "\"E\"", ulong.MaxValue, "image/jpeg", Some.Time), await _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token));
    }

    [Fact]
    public async Task Finds_no_object_where_OSS_says_so_and_takes_no_other_404_for_that()
    {
        _oss.AnswerWith(HeadError(OssErrorCode.NoSuchKey));
        Assert.Null(await _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token));
        _oss.AnswerWith(TestOss.Status(404, "", ("x-oss-request-id", "5C3D8D2A0ACA54D87B43C048")));
        Assert.Null(await _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token));

        _oss.AnswerWith(HeadError(OssErrorCode.NoSuchBucket));
        Assert.True((await Assert.ThrowsAsync<OssException>(() => _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token))).Is(OssErrorCode.NoSuchBucket));
        // Not OSS's answer: a proxy's, or another server's.
        _oss.AnswerWith(TestOss.Status(404));
        await Assert.ThrowsAsync<OssException>(() => _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token));
    }

    [Fact]
    public async Task Reads_the_error_of_a_HEAD_from_its_header()
    {
        _oss.AnswerWith(HeadError(OssErrorCode.AccessDenied));
        var error = (await Assert.ThrowsAsync<OssException>(() => _oss.Client().HeadObjectAsync(Some.Bucket, "k", Token))).Error;
        Assert.Equal(("AccessDenied", 403, "0003-00000001"), (error.Code, error.HttpStatus, error.Ec));
    }

    [Fact]
    public async Task Lists_parts_page_after_page()
    {
        _oss.Answer = (arrived, response) =>
        {
            var marker = int.Parse(OssEncoding.ParseQuery(arrived.Target.Split('?')[1]).Single(pair => pair.Key == "part-number-marker").Value!, System.Globalization.CultureInfo.InvariantCulture);
            var numbers = Enumerable.Range(marker + 1, Math.Min(1000, 2500 - marker));
            return TestOss.Ok(new ListPartsResult
            {
                Bucket = Some.Bucket,
                Key = "k",
                UploadId = "id",
                IsTruncated = marker < 2000,
                NextPartNumberMarker = numbers.Last(),
                Parts = [.. numbers.Select(number => (new UploadedPart(number, $"\"{number}\"", 102_400, (ulong)number), Some.Time))],
            }.ToXml(encodeKey: true))(arrived, response);
        };

        var parts = await _oss.Client().ListPartsAsync(Some.Bucket, "k", "id", Token).ToListAsync(Token);

        Assert.Equal(Enumerable.Range(1, 2500), parts.Select(part => part.Number));
        Assert.Equal(3, _oss.Requests.Count);

        var last = await _oss.Client().ListPartsAsync(Some.Bucket, "k", "id", 2400, Token).ToListAsync(Token);
        Assert.Equal(Enumerable.Range(2401, 100), last.Select(part => part.Number));
        Assert.Equal(4, _oss.Requests.Count);
    }

    [Fact]
    public async Task Does_not_list_for_ever_when_the_marker_stands_still()
    {
        _oss.AnswerWith(TestOss.Ok(new ListPartsResult { Bucket = Some.Bucket, Key = "k", UploadId = "id", IsTruncated = true }.ToXml(encodeKey: true)));
        Assert.Empty(await _oss.Client().ListPartsAsync(Some.Bucket, "k", "id", Token).ToListAsync(Token));
        Assert.Single(_oss.Requests);
    }

    [Fact]
    public async Task Abort_and_Delete_succeed_where_there_is_nothing_left()
    {
        _oss.AnswerWith(TestOss.Refuse(OssErrorCode.NoSuchUpload), TestOss.Status(204));
        await _oss.Client().AbortMultipartUploadAsync(Some.Bucket, "k", "id", Token);
        await _oss.Client().DeleteObjectAsync(Some.Bucket, "k", Token);
        Assert.Equal(["DELETE /examplebucket/k?uploadId=id", "DELETE /examplebucket/k"], _oss.Requests.Select(request => $"{request.Method} {request.Target}"));

        _oss.AnswerWith(TestOss.Refuse(OssErrorCode.AccessDenied));
        await Assert.ThrowsAsync<OssException>(() => _oss.Client().AbortMultipartUploadAsync(Some.Bucket, "k", "id", Token));
    }

    [Fact]
    public async Task Sets_its_clock_by_that_of_OSS()
    {
        _oss.ServerAhead = TimeSpan.FromHours(-3);
        _oss.Answer = (arrived, response) => arrived.Signature.Error?.Code == "RequestTimeTooSkewed"
            ? TestOss.Refuse(OssErrorCode.RequestTimeTooSkewed)(arrived, response)
            : TestOss.Store(arrived, response);
        var client = _oss.Client();

        await client.PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token);
        await client.PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: Token);

        Assert.Equal([false, true, true], _oss.Requests.Select(request => request.Signature.IsValid));
    }

    [Fact]
    public async Task Reads_an_object_and_a_range_of_it()
    {
        var bytes = new Arbitrary(2).Bytes(300_000);
        _oss.Answer = async (arrived, response) =>
        {
            response.StatusCode = arrived.Headers.ContainsKey("Range") ? 206 : 200;
            await response.Body.WriteAsync(arrived.Headers.ContainsKey("Range") ? bytes.AsMemory(100, 50) : bytes);
        };

        using var whole = await _oss.Client().GetObjectAsync(Some.Bucket, "k", cancellationToken: Token);
        using var range = await _oss.Client().GetObjectAsync(Some.Bucket, "k", (100, 50), Token);

        Assert.Equal(bytes, await ReadAsync(whole));
        Assert.Equal(bytes[100..150], await ReadAsync(range));
        Assert.Equal(("bytes=100-149", "standard"), (_oss.Requests[1].Headers["Range"], _oss.Requests[1].Headers["x-oss-range-behavior"]));
        Assert.All(_oss.Requests, request => Assert.True(request.Signature.IsValid));
    }

    [Fact]
    public async Task Refuses_a_whole_object_where_it_asked_for_a_range()
    {
        _oss.AnswerWith(TestOss.Ok("all of it"));
        var error = await Assert.ThrowsAsync<OssException>(() => _oss.Client().GetObjectAsync(Some.Bucket, "k", (0, 3), Token));
        Assert.True(error.Is(OssErrorCode.InvalidRange));
        Assert.Single(_oss.Requests);
    }

    [Fact]
    public async Task Ends_when_it_is_cancelled_before_between_and_during_attempts()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: cancelled.Token));
        Assert.Empty(_oss.Requests);

        using var between = new CancellationTokenSource();
        _oss.AnswerWith(TestOss.Refuse(OssErrorCode.ServiceUnavailable));
        var waiting = _oss.Client(retry: new OssRetry { Jitter = () => { between.CancelAfter(1); return 1; } }).PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: between.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(_oss.Requests);

        using var during = new CancellationTokenSource();
        _oss.Answer = async (_, response) =>
        {
            await during.CancelAsync();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: during.Token));
        Assert.Equal(2, _oss.Requests.Count);
    }

    [Fact]
    public async Task Refuses_metadata_that_HTTP_cannot_carry_instead_of_leaving_it_out()
    {
        _oss.Answer = TestOss.Store;
        var properties = new ObjectProperties { Metadata = new Dictionary<string, string> { ["two words"] = "1" } };
        await Assert.ThrowsAsync<ArgumentException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello, properties, cancellationToken: Token));
        Assert.Empty(_oss.Requests);
    }

    [Fact]
    public async Task Takes_a_page_of_a_proxy_for_an_error_by_its_status()
    {
        _oss.AnswerWith(TestOss.Status(418, "<html>teapot</html>"));
        var error = (await Assert.ThrowsAsync<OssException>(() => _oss.Client().DeleteObjectAsync(Some.Bucket, "k", Token))).Error;
        Assert.Equal(("Http418", 418), (error.Code, error.HttpStatus));
    }

    private static Func<Arrived, HttpResponse, Task> HeadError(OssErrorCode code) => TestOss.Status(
        code.HttpStatus, "", ("x-oss-err", Convert.ToBase64String(Encoding.UTF8.GetBytes(new OssError(code, "Refused.", "0003-00000001").ToXml("5C3D8D2A0ACA54D87B43C048", "host")))));

    private static ValueTask<Stream> Open(byte[] bytes, Action opened)
    {
        opened();
        return ValueTask.FromResult<Stream>(new MemoryStream(bytes, writable: false));
    }

    private static async Task<byte[]> ReadAsync(ObjectDownload download)
    {
        using var bytes = new MemoryStream();
        await download.Content.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
