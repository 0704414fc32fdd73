using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

/// <summary>
/// The profiles of the configuration; without any, <c>default</c>, of <c>Uploads__*</c> itself. Beside others there is none that nobody configured: its callers choose their keys, which may be those of others' profiles.
/// </summary>
internal sealed class UploadProfiles
{
    private readonly Dictionary<string, UploadProfile> _profiles;

    public UploadProfiles(IOptions<UploadOptions> options, IOptions<OssOptions> oss)
    {
        var uploads = options.Value;
        var profiles = uploads.Profiles.Count > 0 ? uploads.Profiles : new() { [UploadProfile.Default] = new UploadProfileOptions() };
        _profiles = profiles.ToDictionary(profile => profile.Key, profile => UploadProfile.Of(profile.Key, profile.Value, uploads, oss.Value.Bucket), StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<UploadProfile> All => _profiles.Values;

    /// <summary>The profile of that name; <c>default</c> when it is null; null when there is none.</summary>
    public UploadProfile? Find(string? name) => _profiles.GetValueOrDefault(name ?? UploadProfile.Default);
}
