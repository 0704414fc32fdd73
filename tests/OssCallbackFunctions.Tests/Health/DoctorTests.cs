using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Oss.Protocol;
using OssCallbackFunctions.Health;
using OssCallbackFunctions.Tests.BulkUploads;
using Sandbox;

namespace OssCallbackFunctions.Tests.Health;

/// <summary>One thing wrong at a time, and the finding that says so.</summary>
public sealed class DoctorTests(RunningApp app)
{
    [Fact]
    public async Task Finds_nothing_wrong_with_storage_and_OSS_where_nothing_is_and_leaves_nothing_behind()
    {
        var findings = await ExamineAsync();
        Assert.All(["storage_tables", "storage_queues", "storage_blobs", "oss_rights", "oss_region", "oss_versioning", "clock"], check => Assert.All(Of(findings, check), finding => Assert.Equal(FindingState.Ok, finding.State)));
        // Others may be examining at this moment.
        await RunningApp.EventuallyAsync<object>(async () => await app.Oss.ListMultipartUploadsAsync(Stack.Bucket).AnyAsync(upload => upload.Key.Contains("doctor", StringComparison.Ordinal)) ? null : app);
        Assert.Null(await app.Oss.ListObjectsV2Async(Stack.Bucket).FirstOrDefaultAsync(found => found.Key.Contains("doctor", StringComparison.Ordinal)));
        var reports = new BlobContainerClient(app.Stack.StorageConnectionString, "bulk-upload-reports", new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05));
        await RunningApp.EventuallyAsync<object>(async () => await reports.GetBlobsAsync(new GetBlobsOptions { Prefix = "doctor/" }).AnyAsync() ? null : app);
        Assert.Equal(findings.OrderByDescending(finding => finding.State).Select(finding => finding.State), findings.Select(finding => finding.State));
    }

    [Theory]
    [InlineData("OSS_ACCESS_KEY_ID", "LTAInobody", "InvalidAccessKeyId", "OSS_ACCESS_KEY_ID")]
    [InlineData("OSS_ACCESS_KEY_SECRET", "wrong", "SignatureDoesNotMatch", "OSS_ACCESS_KEY_SECRET")]
    [InlineData("Oss__Bucket", "no-such-bucket-here", "NoSuchBucket", "Oss__Bucket")]
    [InlineData("Oss__Endpoint", "http://127.0.0.1:1", "does not answer", "Oss__Endpoint")]
    public async Task Finds_what_is_wrong_with_the_settings_of_OSS(string setting, string value, string told, string named)
    {
        var finding = Of(await ExamineAsync((setting, value)), "oss_rights").First();
        Assert.Equal(FindingState.Error, finding.State);
        Assert.Contains(told, finding.Detail, StringComparison.Ordinal);
        Assert.Contains(named, finding.Fix!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_rights_that_a_key_lacks_and_those_that_it_should_not_have()
    {
        Assert.Equal([FindingState.Warning, FindingState.Warning], Of(await ExamineAsync(), "oss_excess_rights").Select(finding => finding.State));

        var least = await KeyAsync("oss:PutObject", "oss:GetObject", "oss:ListParts", "oss:AbortMultipartUpload");
        var findings = await ExamineAsync(least);
        Assert.All(Of(findings, "oss_rights"), finding => Assert.Equal(FindingState.Ok, finding.State));
        // What may not be looked at is said to be unknown, not to be right.
        Assert.Equal((FindingState.Unknown, FindingState.Unknown), (Of(findings, "oss_region").Single().State, Of(findings, "oss_lifecycle").Single().State));
        Assert.Equal(FindingState.Ok, Of(findings, "oss_excess_rights").Single().State);

        var less = await KeyAsync("oss:PutObject", "oss:GetObject", "oss:AbortMultipartUpload");
        Assert.All(Of(await ExamineAsync(less), "oss_rights"), finding => Assert.Contains("oss:ListParts: AccessDenied", finding.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finds_how_a_bucket_is_that_profiles_store_in()
    {
        const string Bucket = "doctors-bucket";
        (string, string)[] settings = [("Oss__Bucket", Bucket), ("Cors__AllowedOrigins", "https://www.example.com")];
        await PutAsync(Bucket, null, "");
        var before = await ExamineAsync(settings);
        Assert.Equal(FindingState.Warning, Of(before, "oss_lifecycle").Single(finding => finding.Detail.Contains(Bucket, StringComparison.Ordinal)).State);
        Assert.Contains("does not take PUT", Of(before, "oss_cors").Single().Detail, StringComparison.Ordinal);

        const string Rule = "<CORSRule><AllowedOrigin>https://www.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>";
        await PutAsync(Bucket, "cors", $"<CORSConfiguration>{Rule}</CORSRule></CORSConfiguration>");
        Assert.Contains("ETag", Of(await ExamineAsync(settings), "oss_cors").Single(finding => finding.State == FindingState.Error).Detail, StringComparison.Ordinal);

        await PutAsync(Bucket, "cors", $"<CORSConfiguration>{Rule}<ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>");
        await PutAsync(Bucket, "lifecycle", new LifecycleConfiguration([new("left", "", true, 7)]).ToXml());
        await PutAsync(Bucket, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        var after = await ExamineAsync(settings);
        Assert.Equal(FindingState.Ok, Of(after, "oss_lifecycle").Single(finding => finding.Detail.Contains(Bucket, StringComparison.Ordinal)).State);
        Assert.Equal(FindingState.Ok, Of(after, "oss_cors").Single().State);
        Assert.Contains("forbid-overwrite", Of(after, "oss_versioning").Single(finding => finding.State == FindingState.Warning).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_that_the_storage_account_is_another_s()
    {
        var connection = app.Stack.StorageConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        var findings = await ExamineAsync(("AzureWebJobsStorage", connection));
        Assert.All(["storage_tables", "storage_queues", "storage_blobs"], check => Assert.Contains("Refused", Of(findings, check).Single().Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finds_what_keeps_OSS_from_calling_back()
    {
        var here = await ExamineAsync(("Callbacks__PublicBaseUrl", app.Stack.App.Url));
        Assert.Contains("OSS cannot reach", Of(here, "callback_address").Single().Detail, StringComparison.Ordinal);
        Assert.Equal(FindingState.Warning, Of(here, "callback_url").Single().State);
        Assert.Equal(FindingState.Warning, Of(here, "callback_key").Single().State);
        Assert.Contains("Something else", Of(await ExamineAsync(("Callbacks__PublicBaseUrl", app.Stack.Oss.Endpoint)), "callback_url").Single().Detail, StringComparison.Ordinal);
        Assert.Contains("does not answer", Of(await ExamineAsync(("Callbacks__PublicBaseUrl", "http://127.0.0.1:1")), "callback_url").Single().Detail, StringComparison.Ordinal);
        Assert.Contains("no host", Of(await ExamineAsync(("Callbacks__PublicBaseUrl", "https://no-such-host.invalid")), "callback_address").Single().Detail, StringComparison.Ordinal);
        Assert.Equal(FindingState.Warning, Of(await ExamineAsync(("Ledger__Enabled", "false")), "ledger").Single().State);
    }

    [Fact]
    public async Task Finds_a_certificate_that_is_nobody_s()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await tls.AuthenticateAsServerAsync(own);
                await tls.ReadExactlyAsync(new byte[1]);
            });
        });
        var findings = await ExamineAsync(("Callbacks__PublicBaseUrl", $"https://{listener.LocalEndpoint}"));
        Assert.Contains("certificate", Of(findings, "callback_url").Single().Detail, StringComparison.Ordinal);
        await served;
    }

    private static List<Finding> Of(IEnumerable<Finding> findings, string check)
    {
        var found = findings.Where(finding => finding.Check == check).ToList();
        Assert.NotEmpty(found);
        return found;
    }

    private async Task<IReadOnlyList<Finding>> ExamineAsync(params (string Name, string Value)[] settings)
    {
        await using var engine = new Engine(app, settings);
        return (await engine.Get<Doctor>().ExamineAsync(default)).Findings;
    }

    private async Task<(string, string)[]> KeyAsync(params string[] actions)
    {
        var sts = new StsClient(app.Outside, app.Stack.Oss.StsEndpoint!, app.Stack.AccessKey, TimeProvider.System);
        var allowed = string.Join(',', actions.Select(action => $"\"{action}\""));
        var policy = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{allowed}}],"Resource":"acs:oss:*:*:*"}]}""";
        var lent = await sts.AssumeRoleAsync(new AssumeRoleRequest("acs:ram::1234567890123456:role/uploads", "doctor") { Policy = policy }, default);
        return [("OSS_ACCESS_KEY_ID", lent.Key.Id), ("OSS_ACCESS_KEY_SECRET", lent.Key.Secret), ("OSS_SESSION_TOKEN", lent.Key.SecurityToken!)];
    }

    private async Task PutAsync(string bucket, string? setting, string xml)
    {
        var request = new OssRequest("PUT", bucket, null);
        var url = new V4Signer(app.Stack.AccessKey, Stack.Region).Presign(setting is null ? request : request.With(setting, null), OssEndpoint.Parse(app.Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1)).Url;
        using var answer = await app.Outside.PutAsync(url, new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(xml)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
