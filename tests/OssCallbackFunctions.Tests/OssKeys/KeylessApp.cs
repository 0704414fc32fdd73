using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Sandbox;

namespace OssCallbackFunctions.Tests.OssKeys;

/// <summary>The app as it is in Azure: an identity and no secret of anybody's, neither of OSS nor of the storage account, which takes tokens over https.</summary>
public sealed class KeylessApp : RunningApp
{
    public const string Role = "acs:ram::1234567890123456:role/app";
    public const string Audience = "api://oss-callback-functions";
    public const string OssIdentity = "aaaaaaaa-0000-0000-0000-000000000001";
    public const string StorageIdentity = "aaaaaaaa-0000-0000-0000-000000000002";

    private readonly string _certificateFolder = Directory.CreateTempSubdirectory("keyless-").FullName;
    private readonly SocketsHttpHandler _trusting = new();

    public IdentityServer Identity { get; private set; } = null!;

    protected override StorageCertificate? StorageCertificate => new(Path.Combine(_certificateFolder, "certificate.pem"), Path.Combine(_certificateFolder, "key.pem"));

    protected override Dictionary<string, string> Settings => new()
    {
        ["Grants__Secret"] = GrantsSecret,
        ["OSS_ACCESS_KEY_ID"] = "",
        ["OSS_ACCESS_KEY_SECRET"] = "",
        ["Oss__RoleArn"] = Role,
        ["Oss__OidcProviderArn"] = "acs:ram::1234567890123456:oidc-provider/entra",
        ["Oss__OidcAudience"] = Audience,
        ["Oss__OidcClientId"] = OssIdentity,
        ["Oss__RoleDuration"] = "00:15:00",
        ["AzureWebJobsStorage__credential"] = "managedidentity",
        ["AzureWebJobsStorage__clientId"] = StorageIdentity,
        ["IDENTITY_ENDPOINT"] = Identity.Url,
        ["IDENTITY_HEADER"] = Identity.Secret,
        ["Uploads__Lifetime"] = "7.00:00:00",
        ["Uploads__Profiles__default__ForbidOverwrite"] = "true",
        ["Uploads__Profiles__files__KeyTemplate"] = "files/{subject}/{id}/{name}{ext}",
        ["Uploads__Profiles__files__MaxSize"] = "100000000000",
        ["Uploads__Profiles__files__Sts"] = "key",
        ["BulkUploads__PartSize"] = "102400",
        ["BulkUploads__Lanes"] = "4",
    };

    /// <summary>Ends the app's key, and waits until the app has noticed by a refusal and has another. It does not ask for one after the other in the same two seconds.</summary>
    public async Task EndKeyAsync()
    {
        Stack.Oss.EndTemporaryKeys();
        await EventuallyAsync(async () =>
        {
            using var reply = await Http.PostAsJsonAsync("/api/uploads", new { kind = "multipart", key = NewKey(), size = 1 });
            return reply.IsSuccessStatusCode ? "" : null;
        });
    }

    public override async ValueTask InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=storage", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(StorageCertificate!.CertificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(StorageCertificate.KeyPath, key.ExportPkcs8PrivateKeyPem());
        var thumbprint = certificate.Thumbprint;
        _trusting.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => (presented as X509Certificate2)?.Thumbprint == thumbprint;

        Identity = await IdentityServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Identity.DisposeAsync();
        _trusting.Dispose();
        Directory.Delete(_certificateFolder, recursive: true);
    }

    protected override T Adapt<T>(T options)
    {
        options.Transport = new HttpClientTransport(_trusting);
        return options;
    }
}
