using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Http;

public sealed class AuthenticationTests
{
    private static OssRequest Put() => new("PUT", TestOss.BucketName, "a");

    [Fact]
    public async Task Refuses_a_request_without_signature()
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await oss.SendAsIsAsync(Put(), new ByteArrayContent([1]));
        var error = await TestOss.ErrorAsync(response);

        Assert.Equal((403, "AccessDenied", "0003-00000001"), (error.HttpStatus, error.Code, error.Ec));
        Assert.Equal(error.RequestId, TestOss.Header(response, "x-oss-request-id"));
        Assert.Equal(error.Ec, TestOss.Header(response, "x-oss-ec"));
        Assert.Equal("application/xml", TestOss.Header(response, "Content-Type"));
    }

    [Fact]
    public async Task Refuses_a_header_that_was_added_after_signing()
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        oss.Signer.Sign(request, oss.Clock.GetUtcNow());
        request.Headers["x-oss-object-acl"] = "public-read";

        var error = await TestOss.ErrorAsync(await oss.SendAsIsAsync(request, new ByteArrayContent([1])));

        Assert.Equal("SignatureDoesNotMatch", error.Code);
        Assert.Contains(error.Details, detail => detail.Key == "CanonicalRequest" && detail.Value.Contains("x-oss-object-acl:public-read", StringComparison.Ordinal));
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"));
    }

    [Fact]
    public async Task Refuses_another_regions_signature()
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        new V4Signer(TestOss.Key, "cn-shanghai").Sign(request, oss.Clock.GetUtcNow());

        var error = await TestOss.ErrorAsync(await oss.SendAsIsAsync(request));

        Assert.Equal(("InvalidArgument", "0002-00000228"), (error.Code, error.Ec));
    }

    [Fact]
    public async Task Refuses_a_key_it_does_not_know()
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        new V4Signer(new AccessKey("LTAInobody", "x"), "cn-hangzhou").Sign(request, oss.Clock.GetUtcNow());

        Assert.Equal("InvalidAccessKeyId", (await TestOss.ErrorAsync(await oss.SendAsIsAsync(request))).Code);
    }

    [Theory]
    [InlineData(-16)]
    [InlineData(16)]
    public async Task Refuses_a_clock_that_is_more_than_15_minutes_off(int minutes)
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        oss.Signer.Sign(request, oss.Clock.GetUtcNow().AddMinutes(minutes));

        var error = await TestOss.ErrorAsync(await oss.SendAsIsAsync(request));

        Assert.Equal((403, "RequestTimeTooSkewed"), (error.HttpStatus, error.Code));
        Assert.Contains(error.Details, detail => detail is { Key: "MaxAllowedSkewMilliseconds", Value: "900000" });
    }

    [Theory]
    [InlineData(true, 200, null)]
    [InlineData(false, 403, "0002-00000080")]
    public async Task Takes_the_old_signature_unless_it_is_to_be_refused_as_new_buckets_do(bool accepts, int status, string? ec)
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-v1-");
        await using (var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions { DataFolder = folder.FullName, AccessKeys = [TestOss.Key], AcceptsSignatureV1 = accepts }))
        {
            var request = Put();
            var date = DateTimeOffset.UtcNow.ToString("R");
            request.Headers["Date"] = date;
            using var http = new HttpClient();
            using var message = new HttpRequestMessage(HttpMethod.Put, $"{emulator.Endpoint}/{TestOss.BucketName}/a") { Content = new ByteArrayContent([1]) };
            message.Headers.TryAddWithoutValidation("Date", date);
            message.Headers.TryAddWithoutValidation("Authorization", $"OSS {TestOss.Key.Id}:{V1Signature.Sign(TestOss.Key.Secret, V1Signature.StringToSign(request))}");

            using var response = await http.SendAsync(message);

            Assert.Equal((status, ec), ((int)response.StatusCode, TestOss.Header(response, "x-oss-ec")));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_policy_bounds_what_a_key_may_do()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-policy-");
        var policy = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:{{TestOss.BucketName}}/mine/*"}]}""";
        await using (var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = folder.FullName,
            AccessKeys = [TestOss.Key],
            AccessKeyPolicies = new Dictionary<string, string> { [TestOss.Key.Id] = policy },
        }))
        {
            using var http = new HttpClient();
            var client = new OssClient(http, OssEndpoint.Parse(emulator.Endpoint), new V4Signer(TestOss.Key, "cn-hangzhou"), TimeProvider.System, OssRetry.None);

            await client.PutObjectAsync(TestOss.BucketName, "mine/a", UploadBody.From(new byte[1]));
            var elsewhere = await Assert.ThrowsAsync<OssException>(() => client.PutObjectAsync(TestOss.BucketName, "yours/a", UploadBody.From(new byte[1])));
            var reading = await Assert.ThrowsAsync<OssException>(() => client.GetObjectAsync(TestOss.BucketName, "mine/a"));

            Assert.True(elsewhere.Is(OssErrorCode.AccessDenied));
            Assert.True(reading.Is(OssErrorCode.AccessDenied));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_temporary_key_needs_its_token()
    {
        await using var oss = await TestOss.StartAsync();

        await oss.ClientOf(TestOss.TemporaryKey).PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[1]));
        var other = oss.ClientOf(TestOss.TemporaryKey with { SecurityToken = "another" });
        var refused = await Assert.ThrowsAsync<OssException>(() => other.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[1])));

        Assert.True(refused.Is(OssErrorCode.InvalidSecurityToken));
    }

    [Fact]
    public async Task A_presigned_url_works_until_it_expires()
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        request.Headers["Content-Type"] = "text/plain";
        var url = oss.Signer.Presign(request, oss.Endpoint, oss.Clock.GetUtcNow(), TimeSpan.FromMinutes(10));

        using var inTime = await oss.SendAsync("PUT", url.Url, url.Headers, new ByteArrayContent([1, 2]));
        oss.Clock.Advance(TimeSpan.FromMinutes(10));
        var late = await TestOss.ErrorAsync(await oss.SendAsync("PUT", url.Url, url.Headers, new ByteArrayContent([1, 2])));

        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        Assert.Equal((403, "AccessDenied", "Request has expired."), (late.HttpStatus, late.Code, late.Message));
    }

    [Fact]
    public async Task A_presigned_url_is_bound_to_its_key_method_type_and_query()
    {
        await using var oss = await TestOss.StartAsync();
        var request = Put();
        request.Headers["Content-Type"] = "text/plain";
        var signed = oss.Signer.Presign(request, oss.Endpoint, oss.Clock.GetUtcNow(), TimeSpan.FromMinutes(10));

        var refusals = new[]
        {
            await oss.SendAsync("PUT", signed.Url.Replace("/a?", "/b?", StringComparison.Ordinal), signed.Headers, new ByteArrayContent([1])),
            await oss.SendAsync("DELETE", signed.Url, signed.Headers),
            await oss.SendAsync("PUT", signed.Url, [new("Content-Type", "text/html")], new ByteArrayContent([1])),
            await oss.SendAsync("PUT", signed.Url + "&x-oss-forbid-overwrite=false", signed.Headers, new ByteArrayContent([1])),
        };

        foreach (var refusal in refusals)
        {
            Assert.Equal("SignatureDoesNotMatch", (await TestOss.ErrorAsync(refusal)).Code);
        }
    }

    [Fact]
    public async Task A_refused_HEAD_has_its_error_in_a_header()
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await oss.SendAsync(new OssRequest("HEAD", TestOss.BucketName, "missing"));
        var xml = Encoding.UTF8.GetString(Convert.FromBase64String(TestOss.Header(response, "x-oss-err")!));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("NoSuchKey", OssError.Parse(xml, 404, null).Code);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Refuses_before_it_asks_for_the_body()
    {
        await using var oss = await TestOss.StartAsync();
        await using var connection = await oss.ConnectAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /{TestOss.BucketName}/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000000\r\nExpect: 100-continue\r\n\r\n"));

        using var reader = new StreamReader(connection);

        Assert.Equal("HTTP/1.1 403 Forbidden", await reader.ReadLineAsync());
        var head = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Add(line);
        }

        Assert.Contains("Connection: close", head);
        Assert.Equal(0, oss.Emulator.Requests.Single().BytesReceived);
    }

    [Fact]
    public async Task A_refused_upload_of_some_size_still_gets_its_answer()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsIsAsync(Put(), new ByteArrayContent(new byte[32 * 1024 * 1024])));

        Assert.Equal("AccessDenied", error.Code);
    }
}
