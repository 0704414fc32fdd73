using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OssCallbackFunctions;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.OssKeys;
using OssCallbackFunctions.Replies;

namespace AlibabaSide;

/// <summary>What the settings ask of Alibaba Cloud, read and refused as the app itself does at its start.</summary>
internal sealed record ConfiguredApp(OssOptions Oss, OssKeyOptions Keys, IReadOnlyList<UploadProfile> Profiles, UploadOptions Uploads, StsOptions Sts, BulkUploadOptions Bulk, CorsOptions Cors)
{
    private const string Prelude = "with the error: '";
    private const string VaultReference = "@Microsoft.KeyVault(";

    /// <summary>Whether there is anything that a bulk upload can be made of.</summary>
    public bool HasBulkUploads => Bulk.HasSources;

    /// <summary>Profiles that lend temporary keys of a role of their own.</summary>
    public IReadOnlyList<UploadProfile> Lending => [.. Profiles.Where(profile => profile.Sts != StsScope.None)];

    /// <summary>Buckets that are uploaded to.</summary>
    public IReadOnlyList<string> Buckets => [.. Profiles.Select(profile => profile.Bucket).Concat(HasBulkUploads ? [Oss.Bucket] : Array.Empty<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads settings; the environment's win over the file's.</summary>
    /// <param name="file">The file's settings.</param>
    /// <param name="environment">Those of the environment.</param>
    /// <exception cref="InvalidOperationException">The app would not start with them; names each that is wrong.</exception>
    public static ConfiguredApp Read(IEnumerable<KeyValuePair<string, string?>> file, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var settings = new Dictionary<string, string?>(file.Concat(environment).Select(one => KeyValuePair.Create(one.Key.Replace("__", ":", StringComparison.Ordinal), one.Value))
            .GroupBy(one => one.Key, StringComparer.OrdinalIgnoreCase).Select(same => same.Last()), StringComparer.OrdinalIgnoreCase);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection(InPlaceOf(settings)).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).BuildServiceProvider();
        T Get<T>()
            where T : class => services.GetRequiredService<IOptions<T>>().Value;
        try
        {
            return new ConfiguredApp(
                Get<OssOptions>(), Get<OssKeyOptions>(), [.. new UploadProfiles(services.GetRequiredService<IOptions<UploadOptions>>(), services.GetRequiredService<IOptions<OssOptions>>()).All],
                Get<UploadOptions>(), Get<StsOptions>(), Get<BulkUploadOptions>(), Get<CorsOptions>());
        }
        catch (OptionsValidationException e)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, e.Failures.Select(Plain)), e);
        }
    }

    // Without the options' and members' names, which validation puts before the message.
    private static string Plain(string failure) => failure.IndexOf(Prelude, StringComparison.Ordinal) is >= 0 and var at ? failure[(at + Prelude.Length)..].TrimEnd('\'', '.') + "." : failure;

    // What is of the app's own machine, or in its vault, cannot be looked at here; whether it is set is all that matters. Where OSS calls back matters nothing.
    private static IEnumerable<KeyValuePair<string, string?>> InPlaceOf(Dictionary<string, string?> settings)
    {
        yield return new("Callbacks:PublicBaseUrl", "https://app.example.com");
        yield return new("Callbacks:FallbackBaseUrls", "");
        foreach (var (name, value) in settings.Where(setting => !string.IsNullOrEmpty(setting.Value)))
        {
            var isSecret = value!.StartsWith(VaultReference, StringComparison.OrdinalIgnoreCase);
            string? other = name.ToUpperInvariant() switch
            {
                "BULKUPLOADS:FILEROOT" => AppContext.BaseDirectory,
                "OSS:OIDCTOKENFILE" or "ALIBABA_CLOUD_OIDC_TOKEN_FILE" => typeof(ConfiguredApp).Assembly.Location,
                var container when isSecret && container.StartsWith("BULKUPLOADS:BLOBCONTAINERS:", StringComparison.Ordinal) =>
                    container.EndsWith(":URL", StringComparison.Ordinal) ? "https://account.blob.core.windows.net/container" : "UseDevelopmentStorage=true",
                _ => null,
            };
            if (other is not null)
            {
                yield return new(name, other);
            }
        }
    }
}
