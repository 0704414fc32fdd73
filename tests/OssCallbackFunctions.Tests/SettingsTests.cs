using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.OssKeys;

namespace OssCallbackFunctions.Tests;

public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["OSS_ACCESS_KEY_ID"] = "id",
        ["OSS_ACCESS_KEY_SECRET"] = "secret",
        ["Oss:Region"] = "cn-hangzhou",
        ["Oss:Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com",
        ["Oss:Bucket"] = "examplebucket",
        ["Callbacks:PublicBaseUrl"] = "https://fn.example.com",
        ["Grants:Secret"] = Convert.ToBase64String(new byte[32]),
        ["LocalWorker:Urls"] = "http://127.0.0.1:0",
        ["LocalWorker:FunctionsAssembly"] = "OssCallbackFunctions",
        // No queue is listened to: these tests start without storage.
        ["AzureFunctionsJobHost:functions:0"] = "PresignedPut",
    };

    private const string NoKey = "OSS_ACCESS_KEY_ID";
    private const string NoSecret = "OSS_ACCESS_KEY_SECRET";
    private const string Role = "acs:ram::1:role/app";
    private const string Provider = "acs:ram::1:oidc-provider/entra";

    // Each may be, but OSS would not take a callback with all of them.
    private const string Words = "/and/a/path/that/is/long/as/well/and/longer/than/anybody/would/have/it/at/a/gateway";
    private const string Long = "-a-rather-long-host-name.example.com" + Words + Words + Words + Words;
    private const string LongUrls = "https://1" + Long + ";https://2" + Long + ";https://3" + Long + ";https://4" + Long;

    [Theory]
    [InlineData("AzureWebJobsStorage", null, "AzureWebJobsStorage")]
    [InlineData("AzureWebJobsStorage", "", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage:accountName", "Account")]
    [InlineData("AzureWebJobsStorage", "", "AzureWebJobsStorage__tableServiceUri is missing", "AzureWebJobsStorage:blobServiceUri", "https://a/", "AzureWebJobsStorage:queueServiceUri", "https://a/")]
    [InlineData("AzureWebJobsStorage", "", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage:accountName", "account", "AzureWebJobsStorage:queueServiceUri", "http://a/")]
    [InlineData("AzureWebJobsStorage", "", "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage:accountName", "account", "AzureWebJobsStorage:blobServiceUri", "https://a/?sig=x")]
    [InlineData("AzureWebJobsStorage", "", "AzureWebJobsStorage__credential", "AzureWebJobsStorage:accountName", "account", "AzureWebJobsStorage:credential", "key")]
    [InlineData("OSS_ACCESS_KEY_ID", null, "OSS_ACCESS_KEY_ID")]
    [InlineData("OSS_ACCESS_KEY_SECRET", "", "OSS_ACCESS_KEY_SECRET")]
    [InlineData("OSS_SESSION_TOKEN", "token", "Oss__RoleDuration", "Oss:RoleArn", Role, "Oss:RoleDuration", "01:00:01")]
    [InlineData("Oss:RoleArn", "role", "Oss__RoleArn")]
    [InlineData("Oss:RoleSessionName", "a b", "Oss__RoleSessionName")]
    [InlineData("Oss:RoleDuration", "00:14:59", "Oss__RoleDuration")]
    [InlineData("Oss:RoleDuration", "12:00:01", "Oss__RoleDuration")]
    [InlineData("Oss:StsEndpoint", "https://host/path", "Oss__StsEndpoint")]
    [InlineData("Oss:OidcAudience", "api://a", "OSS_ACCESS_KEY_ID and Oss__OidcAudience are both set")]
    [InlineData("Oss:OidcClientId", "id", "OSS_ACCESS_KEY_ID and Oss__OidcClientId are both set")]
    [InlineData("Oss:OidcTokenFile", "/etc/hosts", "OSS_ACCESS_KEY_ID and Oss__OidcTokenFile are both set")]
    [InlineData("Oss:OidcProviderArn", Provider, "OSS_ACCESS_KEY_ID and Oss__OidcProviderArn are both set")]
    [InlineData("Oss:RoleArn", Role, "OSS_ACCESS_KEY_ID", NoKey, "", NoSecret, "")]
    [InlineData("Oss:RoleArn", Role, "Oss__OidcProviderArn is missing", NoKey, "", NoSecret, "", "Oss:OidcAudience", "api://a")]
    [InlineData("Oss:OidcAudience", "api://a", "Oss__RoleArn is missing", NoKey, "", NoSecret, "", "Oss:OidcProviderArn", Provider)]
    [InlineData("Oss:OidcProviderArn", "acs:ram::1:role/a", "Oss__OidcProviderArn", NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcAudience", "api://a")]
    [InlineData("Oss:OidcProviderArn", Provider, "Oss__OidcAudience is missing", NoKey, "", NoSecret, "", "Oss:RoleArn", Role)]
    [InlineData("Oss:OidcClientId", "id", "Oss__OidcAudience is missing", NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider)]
    [InlineData("Oss:OidcTokenFile", "/no/such/file", "Oss__OidcTokenFile is '/no/such/file'", NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider)]
    [InlineData("Oss:OidcTokenFile", "/etc/hosts", "Oss__OidcTokenFile and Oss__OidcAudience", NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider, "Oss:OidcAudience", "api://a")]
    [InlineData("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/no/such/file", "/no/such/file", NoKey, "", NoSecret, "", "ALIBABA_CLOUD_ROLE_ARN", Role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Provider)]
    [InlineData("Oss:Region", null, "Oss__Region")]
    [InlineData("Oss:Region", "oss-cn-hangzhou", "Oss__Region")]
    [InlineData("Oss:Endpoint", null, "Oss__Endpoint")]
    [InlineData("Oss:Endpoint", "https://host/path", "Oss__Endpoint")]
    [InlineData("Oss:Bucket", null, "Oss__Bucket")]
    [InlineData("Oss:Bucket", "Bucket_1", "Oss__Bucket")]
    [InlineData("Callbacks:PublicBaseUrl", null, "Callbacks__PublicBaseUrl")]
    [InlineData("Callbacks:PublicBaseUrl", "fn.example.com", "Callbacks__PublicBaseUrl")]
    [InlineData("Callbacks:PublicBaseUrl", "http://[::1]/", "Callbacks__PublicBaseUrl")]
    [InlineData("Callbacks:FallbackBaseUrls", "https://a.example.com;b.example.com", "Callbacks__FallbackBaseUrls has 'b.example.com'")]
    [InlineData("Callbacks:FallbackBaseUrls", "https://a.example.com;https://b.example.com;https://c.example.com;https://d.example.com;https://e.example.com", "Callbacks__FallbackBaseUrls")]
    [InlineData("Callbacks:FallbackBaseUrls", "https://FN.example.com/", "Callbacks__FallbackBaseUrls")]
    [InlineData("Callbacks:FallbackBaseUrls", LongUrls, "Callbacks__FallbackBaseUrls")]
    [InlineData("Callbacks:StorageCheckTimeout", "00:00:02.001", "Callbacks__StorageCheckTimeout")]
    [InlineData("Callbacks:TestKeyUrl", "http://127.0.0.1/key.pem", "Callbacks__TestKeyPem")]
    [InlineData("Grants:Secret", null, "Grants__Secret")]
    [InlineData("Grants:Secret", "c2hvcnQ=", "Grants__Secret")]
    [InlineData("Grants:PreviousSecret", "c2hvcnQ=", "Grants__PreviousSecret")]
    [InlineData("Ledger:Grace", "00:00:00", "Ledger__Grace")]
    [InlineData("Ledger:Grace", "1.00:00:01", "Ledger__Grace")]
    [InlineData("Uploads:Lifetime", "8.00:00:00", "Uploads__Lifetime")]
    [InlineData("Uploads:Lifetime", "soon", "Uploads:Lifetime")]
    [InlineData("Uploads:MaxUploadTime", "7.00:00:01", "Uploads__MaxUploadTime")]
    [InlineData("Uploads:MaxSize", "0", "Uploads__MaxSize")]
    [InlineData("Uploads:Profiles:p:Bucket", "B", "Uploads__Profiles__p__Bucket")]
    [InlineData("Uploads:Profiles:p:KeyTemplate", "{user}/{id}", "Uploads__Profiles__p__KeyTemplate")]
    [InlineData("Uploads:Profiles:p:KeyTemplate", "{name}", "Uploads__Profiles__p__KeyTemplate")]
    [InlineData("Uploads:Profiles:p:MinSize", "-1", "Uploads__Profiles__p__MinSize")]
    [InlineData("Uploads:Profiles:p:MinSize", "5368709121", "Uploads__Profiles__p__MinSize")]
    [InlineData("Uploads:Profiles:p:MaxSize", "0", "Uploads__Profiles__p__MaxSize")]
    [InlineData("Uploads:Profiles:p:ContentTypes", "image", "Uploads__Profiles__p__ContentTypes")]
    [InlineData("Uploads:Profiles:p:Lifetime", "00:00:00", "Uploads__Profiles__p__Lifetime")]
    [InlineData("Uploads:Profiles:p:StorageClass", "standard", "Uploads__Profiles__p__StorageClass")]
    [InlineData("Uploads:Profiles:p:ObjectAcl", "public", "Uploads__Profiles__p__ObjectAcl")]
    [InlineData("Uploads:Profiles:p:ContentDisposition", "inline; filename=x", "Uploads__Profiles__p__ContentDisposition")]
    [InlineData("Uploads:Profiles:p:TrafficLimit", "819199", "Uploads__Profiles__p__TrafficLimit")]
    [InlineData("Uploads:Profiles:p:Callers", "shop", "Uploads__Profiles__p__Callers")]
    [InlineData("Uploads:Profiles:p:Variables:Order", "", "Uploads__Profiles__p__Variables__Order")]
    [InlineData("Uploads:Profiles:p:Variables:order", "a\nb", "Uploads__Profiles__p__Variables__order")]
    [InlineData("Uploads:Profiles:p:CallbackFields", "clientIp;object", "Uploads__Profiles__p__CallbackFields has 'object'")]
    [InlineData("Uploads:Profiles:p:Answer:x", "{secret}", "Uploads__Profiles__p__Answer__x")]
    [InlineData("Uploads:Profiles:p:Answer:x", "{variables.order}", "Uploads__Profiles__p__Answer__x")]
    [InlineData("Uploads:Profiles:p:Answer:x", "{clientIp}", "Uploads__Profiles__p__Answer__x")]
    [InlineData("Uploads:Profiles:p:Answer:x", "a{", "Uploads__Profiles__p__Answer__x")]
    [InlineData("Uploads:Profiles:p:Answer:state", "ok", "Uploads__Profiles__p__Answer")]
    [InlineData("Uploads:Profiles:a b:MaxSize", "1", "a b")]
    [InlineData("Uploads:MultipartThreshold", "0", "Uploads__MultipartThreshold")]
    [InlineData("Uploads:SessionLifetime", "8.00:00:00", "Uploads__SessionLifetime")]
    [InlineData("Cors:AllowedOrigins", "https://www.example.com/", "Cors__AllowedOrigins")]
    [InlineData("Cors:AllowedOrigins", "www.example.com", "Cors__AllowedOrigins")]
    [InlineData("Uploads:Profiles:p:Sts", "Key", "Uploads__Profiles__p__Sts")]
    [InlineData("Uploads:Profiles:p:StorageClass", "IA", "Uploads__Profiles__p__StorageClass is 'IA' and Uploads__Profiles__p__Sts is Key", "Uploads:Profiles:p:Sts", "Key", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:StorageClass", "IA", "Uploads__Profiles__p__StorageClass is 'IA' and Uploads__Profiles__p__AlibabaForm is true", "Uploads:Profiles:p:AlibabaForm", "true", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}")]
    [InlineData("Uploads:Profiles:p:ObjectAcl", "private", "Uploads__Profiles__p__ObjectAcl is 'private' and Uploads__Profiles__p__Sts is Key", "Uploads:Profiles:p:Sts", "Key", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:ObjectAcl", "private", "Uploads__Profiles__p__ObjectAcl is 'private' and Uploads__Profiles__p__Sts is Prefix", "Uploads:Profiles:p:Sts", "Prefix", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:ObjectAcl", "private", "Uploads__Profiles__p__ObjectAcl is 'private' and Uploads__Profiles__p__AlibabaForm is true", "Uploads:Profiles:p:AlibabaForm", "true", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}")]
    [InlineData("Uploads:Profiles:p:ContentDisposition", "inline", "Uploads__Profiles__p__ContentDisposition is 'inline' and Uploads__Profiles__p__Sts is Key", "Uploads:Profiles:p:Sts", "Key", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:ContentDisposition", "inline", "Uploads__Profiles__p__ContentDisposition is 'inline' and Uploads__Profiles__p__AlibabaForm is true", "Uploads:Profiles:p:AlibabaForm", "true", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}")]
    [InlineData("Uploads:Profiles:p:TrafficLimit", "819200", "Uploads__Profiles__p__TrafficLimit is '819200' and Uploads__Profiles__p__Sts is Key", "Uploads:Profiles:p:Sts", "Key", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:TrafficLimit", "819200", "Uploads__Profiles__p__TrafficLimit is '819200' and Uploads__Profiles__p__AlibabaForm is true", "Uploads:Profiles:p:AlibabaForm", "true", "Uploads:Profiles:p:KeyTemplate", "p/{subject}/{id}")]
    [InlineData("Uploads:Profiles:p:AlibabaForm", "true", "Uploads__Profiles__p__ForbidOverwrite is true and Uploads__Profiles__p__AlibabaForm is true")]
    [InlineData("Uploads:Profiles:p:AlibabaForm", "true", "Uploads__Profiles__p__ForbidOverwrite is true and Uploads__Profiles__p__AlibabaForm is true", "Uploads:Profiles:p:KeyTemplate", "p/{name}", "Uploads:Profiles:p:ForbidOverwrite", "true", "Uploads:ForbidOverwrite", "false")]
    [InlineData("Uploads:Profiles:p:Sts", "Prefix", "Uploads__Profiles__p__ForbidOverwrite is true and Uploads__Profiles__p__Sts is Prefix", "Uploads:Profiles:p:KeyTemplate", "p/{subject}-{id}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:Sts", "Key", "Uploads__Profiles__p__Sts is Key: Uploads__Profiles__p__KeyTemplate must have {id}", "Uploads:Profiles:p:ForbidOverwrite", "false", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:Sts", "Key", "Uploads__Profiles__p__Sts is Key: Uploads__Profiles__p__KeyTemplate must have {id}", "Uploads:Profiles:p:ForbidOverwrite", "false", "Uploads:Profiles:p:KeyTemplate", "p/{name}", "Sts:Endpoint", "sts.cn-hangzhou.aliyuncs.com", "Sts:RoleArn", Role)]
    [InlineData("Uploads:Profiles:p:Sts", "Prefix", "Uploads__Profiles__p__KeyTemplate")]
    [InlineData("Uploads:Profiles:p:Sts", "All", "Uploads:Profiles:p:Sts")]
    [InlineData("Uploads:Profiles:p:MaxSize", "much", "Uploads:Profiles:p:MaxSize")]
    [InlineData("Uploads:Profiles:p:MaxBytes", "1", "MaxBytes")]
    [InlineData("Uploads:LifeTme", "00:15:00", "LifeTme")]
    [InlineData("Callers:shop:Key", "x", "Key")]
    [InlineData("Sts:Endpoint", "https://host/path", "Sts__Endpoint")]
    [InlineData("Sts:RoleArn", "role", "Sts__RoleArn")]
    [InlineData("Sts:SessionName", "a b", "Sts__SessionName")]
    [InlineData("Callers:shop:KeySha256", "secret", "Callers__shop__KeySha256")]
    [InlineData("Retention:Records", "00:59:59", "Retention__Records")]
    [InlineData("Retention:Records", "366.00:00:00", "Retention__Records")]
    [InlineData("Limits:CredentialsPerMinute", "-1", "Limits__CredentialsPerMinute")]
    [InlineData("Limits:BytesPerDay", "-1", "Limits__BytesPerDay")]
    [InlineData("Limits:BytesPerDay", "1 GB", "Limits:BytesPerDay")]
    [InlineData("Limits:OpenMultiparts", "1000", "Limits__OpenMultiparts")]
    [InlineData("Limits:PerHour", "1", "PerHour")]
    [InlineData("Callers:shop:OpenMultiparts", "-1", "Callers__shop__OpenMultiparts")]
    [InlineData("Idempotency:Kept", "00:59:59", "Idempotency__Kept")]
    [InlineData("Idempotency:Kept", "7.00:00:01", "Idempotency__Kept")]
    [InlineData("Webhooks:main:Url", "https://example.com/", "Webhooks__main__Secret")]
    [InlineData("Webhooks:main:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Webhooks__main__Url")]
    [InlineData("BulkUploads:PartSize", "102399", "BulkUploads__PartSize")]
    [InlineData("BulkUploads:MaxRedirects", "21", "BulkUploads__MaxRedirects")]
    [InlineData("BulkUploads:MaxUnrangedSize", "5368709121", "BulkUploads__MaxUnrangedSize")]
    [InlineData("BulkUploads:BlobContainers:main:Url", "http://account.blob.core.windows.net/container", "BulkUploads__BlobContainers__main__Url")]
    [InlineData("BulkUploads:BlobContainers:main:ConnectionString", "x", "BulkUploads__BlobContainers__main__Container")]
    [InlineData("BulkUploads:BlobContainers:a b:Container", "x", "BulkUploads__BlobContainers__a b")]
    [InlineData("BulkUploads:OssSourceBuckets", "good-bucket;Bad", "BulkUploads__OssSourceBuckets has 'Bad'")]
    [InlineData("BulkUploads:FileRoot", "/no/such/folder", "BulkUploads__FileRoot")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "/v1/logs", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=x", "APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=x", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING")]
    public async Task A_missing_or_wrong_setting_stops_the_start_and_is_named(string setting, string? value, string named, params string[] others)
    {
        var settings = new Dictionary<string, string?>(Good) { [setting] = value };
        foreach (var other in others.Chunk(2))
        {
            settings[other[0]] = other[1];
        }

        using var host = Build(settings);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.True(exception is OptionsValidationException or AggregateException or InvalidOperationException, exception.ToString());
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_custom_domain_serves_its_own_bucket_alone()
    {
        using var host = Build(new(Good) { ["Oss:Endpoint"] = "https://cdn.example.com", ["Oss:CustomDomain"] = "true", ["Uploads:Profiles:p:Bucket"] = "otherbucket" });
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Uploads__Profiles__p__Bucket", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, 1, 1)]
    [InlineData(1, 257, 1)]
    [InlineData(5, 205, 1)]
    [InlineData(2, 200, 5)]
    [InlineData(10, 0, 5)]
    public async Task Variables_that_a_callback_cannot_carry_stop_the_start(int count, int length, int addresses)
    {
        var settings = new Dictionary<string, string?>(Good) { ["Callbacks:FallbackBaseUrls"] = string.Join(';', Enumerable.Range(1, addresses - 1).Select(n => $"https://fn{n}.example.com")) };
        for (var i = 0; i < count; i++)
        {
            settings[$"Uploads:Profiles:p:Variables:variable_with_a_very_long_name{i}"] = new string('x', length);
        }

        using var host = Build(settings);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Uploads__Profiles__p__Variables", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OssKeyMode.Key)]
    [InlineData(OssKeyMode.AssumeRole, "Oss:RoleArn", Role)]
    [InlineData(OssKeyMode.AssumeRole, "Oss:RoleArn", Role, "OSS_SESSION_TOKEN", "token")]
    [InlineData(OssKeyMode.Key, "ALIBABA_CLOUD_ROLE_ARN", Role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Provider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/no/such/file")]
    [InlineData(OssKeyMode.ManagedIdentity, NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider, "Oss:OidcAudience", "api://a", "Oss:OidcClientId", "id")]
    [InlineData(
        OssKeyMode.ManagedIdentity, NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider, "Oss:OidcAudience", "api://a", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/no/such/file")]
    [InlineData(OssKeyMode.TokenFile, NoKey, "", NoSecret, "", "Oss:RoleArn", Role, "Oss:OidcProviderArn", Provider, "Oss:OidcTokenFile", "/etc/hosts")]
    [InlineData(
        OssKeyMode.TokenFile, NoKey, "", NoSecret, "", "ALIBABA_CLOUD_ROLE_ARN", Role, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Provider, "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/etc/hosts")]
    public async Task Good_settings_start_and_say_where_the_key_comes_from(OssKeyMode mode, params string[] others)
    {
        // Nobody answers for STS, and the start does not wait for it.
        var settings = new Dictionary<string, string?>(Good) { ["Oss:StsEndpoint"] = "http://127.0.0.1:1" };
        foreach (var other in others.Chunk(2))
        {
            settings[other[0]] = other[1];
        }

        using var host = Build(settings);
        await host.StartAsync();
        Assert.Equal(mode, host.Services.GetRequiredService<OssKeySource>().Mode);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("", "accountName", "account")]
    [InlineData("", "accountName", "account", "credential", "managedidentity", "clientId", "id")]
    [InlineData("", "blobServiceUri", "https://a/", "queueServiceUri", "https://b/", "tableServiceUri", "https://c/")]
    [InlineData("UseDevelopmentStorage=true", "accountName", "Not an account, and not looked at")]
    public async Task Storage_can_be_named_for_an_identity_and_a_connection_string_wins(string text, params string[] others)
    {
        var settings = new Dictionary<string, string?>(Good) { ["AzureWebJobsStorage"] = text };
        foreach (var other in others.Chunk(2))
        {
            settings[$"AzureWebJobsStorage:{other[0]}"] = other[1];
        }

        using var host = Build(settings);
        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public void The_sample_has_every_setting_that_must_be_set()
    {
        var sample = new ConfigurationBuilder().AddJsonFile(Path.Combine(Sandbox.Repository.Root, "local.settings.sample.json")).Build().GetSection("Values");
        foreach (var setting in Good.Keys.Where(key => !key.StartsWith("LocalWorker", StringComparison.Ordinal) && !key.StartsWith("AzureFunctionsJobHost", StringComparison.Ordinal)))
        {
            Assert.False(string.IsNullOrEmpty(sample[setting.Replace(":", "__", StringComparison.Ordinal)]), setting);
        }
    }

    private static IHost Build(Dictionary<string, string?> settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddOssCallbackFunctions(builder.Configuration);
        return builder.Build();
    }
}
