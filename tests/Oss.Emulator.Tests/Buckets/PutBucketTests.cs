using System.Net;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Buckets;

public sealed class PutBucketTests
{
    private const string New = "new-bucket";

    private static string Configuration(string content) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><CreateBucketConfiguration>{content}</CreateBucketConfiguration>";

    [Fact]
    public async Task Makes_a_bucket_that_takes_objects_and_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        await using (var oss = await TestOss.StartAsync(folder))
        {
            using var made = await oss.CallAsync("PUT", New);
            await oss.Client.PutObjectAsync(New, "a", UploadBody.From(new byte[] { 1 }));

            Assert.Equal((HttpStatusCode.OK, "/new-bucket", 0L), (made.StatusCode, TestOss.Header(made, "Location"), made.Content.Headers.ContentLength));
        }

        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal(1, (await oss.Client.HeadObjectAsync(New, "a"))?.Size);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Takes_ACL_storage_class_and_redundancy()
    {
        await using var oss = await TestOss.StartAsync();

        using var made = await oss.CallAsync(
            "PUT", New, "", Configuration("<StorageClass>IA</StorageClass><DataRedundancyType>ZRS</DataRedundancyType>"), ("x-oss-acl", "public-read"), ("Content-Type", "application/xml"));
        var info = (await oss.XmlAsync("GET", New, "bucketInfo")).Element("Bucket")!;

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal(["IA", "ZRS", "public-read"], [info.Text("StorageClass"), info.Text("DataRedundancyType"), info.Element("AccessControlList")!.Text("Grant")]);
    }

    [Fact]
    public async Task Takes_the_empty_body_with_its_MD5_that_official_clients_send()
    {
        await using var oss = await TestOss.StartAsync();

        using var made = await oss.CallAsync("PUT", New, "", "", ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="), ("Content-Type", "application/xml"));

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Theory]
    [InlineData("ab", "InvalidBucketName")]
    [InlineData("-ab", "InvalidBucketName")]
    [InlineData("ab-", "InvalidBucketName")]
    [InlineData("Abc", "InvalidBucketName")]
    [InlineData("a_b", "InvalidBucketName")]
    [InlineData("a..b", "InvalidBucketName")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", "InvalidBucketName")]
    public async Task Refuses_names_that_OSS_does_not_take(string name, string code)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, code, null), await oss.RefusalAsync("PUT", name));
    }

    [Theory]
    [InlineData("<StorageClass>Frozen</StorageClass>", "InvalidArgument")]
    [InlineData("<DataRedundancyType>XRS</DataRedundancyType>", "InvalidArgument")]
    [InlineData("<StorageClass>", "MalformedXML")]
    public async Task Refuses_configurations_that_cannot_be(string content, string code)
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((400, code, null), await oss.RefusalAsync("PUT", New, "", Configuration(content)));
        Assert.Equal((404, "NoSuchBucket", "0015-00000101"), await oss.RefusalAsync("GET", New, "bucketInfo"));
    }

    [Fact]
    public async Task Refuses_another_document_and_another_ACL()
    {
        await using var oss = await TestOss.StartAsync();

        var acl = await TestOss.ErrorAsync(await oss.CallAsync("PUT", New, "", null, ("x-oss-acl", "default")));

        Assert.Equal((400, "MalformedXML", null), await oss.RefusalAsync("PUT", New, "", "<Other/>"));
        Assert.Equal((400, "InvalidArgument", "no such bucket access control exists"), (acl.HttpStatus, acl.Code, acl.Message));
        Assert.Equal([new("ArgumentName", "x-oss-acl"), new("ArgumentValue", "default")], acl.Details);
    }

    [Fact]
    public async Task Names_the_headers_that_it_cannot_follow()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal((501, "NotImplemented", null), await oss.RefusalAsync("PUT", New, "", null, ("x-oss-resource-group-id", "rg-1")));
    }

    [Fact]
    public async Task The_account_may_repeat_it_and_changes_no_more_than_the_ACL()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("kept");

        using var plain = await oss.CallAsync("PUT", TestOss.BucketName);
        using var same = await oss.CallAsync("PUT", TestOss.BucketName, "", Configuration("<StorageClass>Standard</StorageClass>"), ("x-oss-acl", "public-read"));
        using var again = await oss.CallAsync("PUT", TestOss.BucketName);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [plain.StatusCode, same.StatusCode, again.StatusCode]);
        Assert.Equal("public-read", (await oss.XmlAsync("GET", TestOss.BucketName, "acl")).Texts("Grant").Single());
        Assert.NotNull(await oss.Client.HeadObjectAsync(TestOss.BucketName, "kept"));
    }

    [Theory]
    [InlineData("<StorageClass>IA</StorageClass>", "Cannot modify existing bucket's storage class.")]
    [InlineData("<DataRedundancyType>ZRS</DataRedundancyType>", "Bucket already exists can't modify data redundancy type.")]
    public async Task A_bucket_cannot_be_made_another_kind(string content, string message)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.CallAsync("PUT", TestOss.BucketName, "", Configuration(content)));

        Assert.Equal((409, "BucketAlreadyExists", message), (error.HttpStatus, error.Code, error.Message));
    }

    [Fact]
    public async Task A_RAM_user_may_make_a_bucket_but_not_repeat_it()
    {
        var user = new AccessKey("LTAIramUser", "secret");
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = folder.FullName,
            AccessKeys = [user],
            AccessKeyPolicies = new Dictionary<string, string> { [user.Id] = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}""" },
            Clock = clock,
        }))
        {
            using var http = new HttpClient();
            async Task<HttpResponseMessage> PutAsync()
            {
                var request = new OssRequest("PUT", New, null);
                new V4Signer(user, "cn-hangzhou").Sign(request, clock.GetUtcNow());
                using var message = new HttpRequestMessage(HttpMethod.Put, $"{emulator.Endpoint}/{New}/");
                foreach (var (name, value) in request.Headers)
                {
                    message.Headers.TryAddWithoutValidation(name, value);
                }

                return await http.SendAsync(message);
            }

            using var first = await PutAsync();
            var second = await TestOss.ErrorAsync(await PutAsync());

            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.Equal((409, "BucketAlreadyExists", "0015-00000104"), (second.HttpStatus, second.Code, second.Ec));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_anonymous_caller_makes_none()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync("PUT", $"{oss.Emulator.Endpoint}/{New}/", []));

        Assert.Equal((403, "AccessDenied"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task A_hundred_buckets_are_enough()
    {
        await using var oss = await TestOss.StartAsync();
        for (var number = 3; number <= 100; number++)
        {
            using var made = await oss.CallAsync("PUT", $"bucket-{number}");
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }

        Assert.Equal((400, "TooManyBuckets", null), await oss.RefusalAsync("PUT", "bucket-101"));
        using var repeated = await oss.CallAsync("PUT", "bucket-100");
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
    }
}
