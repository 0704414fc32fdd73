using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

/// <summary>Sources with options of a test's own.</summary>
internal static class Some
{
    public static UploadSources Sources(string root) => Sources(new BulkUploadOptions { FileRoot = root });

    public static UploadSources Sources(BulkUploadOptions options, OssClient? oss = null, TimeProvider? clock = null) =>
        new(Options.Create(options), Options.Create(new StorageOptions()), oss ?? Nowhere, clock ?? TimeProvider.System);

    // For tests that do not call OSS.
    private static OssClient Nowhere => new(
        new HttpClient(), OssEndpoint.Parse("http://127.0.0.1:1"), new V4Signer(new AccessKey("id", "secret"), "cn-hangzhou"), TimeProvider.System, OssRetry.None);
}
