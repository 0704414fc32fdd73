using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

/// <summary>The profiles of the configuration, and the one of callers that name none: <c>Uploads__*</c> itself, unless there is a profile <c>default</c>.</summary>
internal sealed class UploadProfiles
{
    private readonly Dictionary<string, UploadProfile> _profiles;

    public UploadProfiles(IOptions<UploadOptions> options, IOptions<OssOptions> oss)
    {
        var uploads = options.Value;
        _profiles = uploads.Profiles.Append(new(UploadProfile.Default, new UploadProfileOptions())).DistinctBy(profile => profile.Key, StringComparer.Ordinal)
            .ToDictionary(profile => profile.Key, profile => UploadProfile.Of(profile.Key, profile.Value, uploads, oss.Value.Bucket), StringComparer.Ordinal);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<UploadProfile> All => _profiles.Values;

    /// <summary>The profile of that name; that of no name when it is null; null when there is none.</summary>
    public UploadProfile? Find(string? name) => _profiles.GetValueOrDefault(name ?? UploadProfile.Default);
}
