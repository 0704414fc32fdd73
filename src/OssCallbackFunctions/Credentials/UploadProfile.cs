using Oss.Protocol;

namespace OssCallbackFunctions.Credentials;

/// <summary>Under what terms credentials are lent. Callers name a profile; where their upload goes is the profile's to say.</summary>
internal sealed record UploadProfile(
    string Name, string Bucket, KeyTemplate? KeyTemplate, long MinSize, long MaxSize, ContentTypes ContentTypes, TimeSpan Lifetime, bool ForbidOverwrite,
    string StorageClass, string ObjectAcl, string? ContentDisposition, long? TrafficLimit, StsScope Sts, bool AlibabaForm,
    IReadOnlySet<string> Callers)
{
    /// <summary>The profile of callers that name none.</summary>
    public const string Default = "default";

    /// <summary>The storage class that needs no saying in a header.</summary>
    public const string UsualStorageClass = "Standard";

    /// <summary>The ACL that needs no saying in a header.</summary>
    public const string AclOfBucket = "default";

    private const int MaxName = 64;

    private static readonly string[] StorageClasses = [UsualStorageClass, "IA", "Archive", "ColdArchive", "DeepColdArchive"];
    private static readonly string[] Dispositions = ["attachment", "inline"];
    private static readonly string[] Acls = [AclOfBucket, "private", "public-read", "public-read-write"];

    /// <summary>Variables with the values that count when the caller gives none.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Bytes that their values may have together.</summary>
    public int VariableRoom { get; init; }

    /// <summary>What is wrong with a profile's settings, each named as it is in the environment.</summary>
    public static IEnumerable<string> Faults(string name, UploadProfileOptions profile, UploadOptions uploads)
    {
        string Setting(string member) => $"Uploads__Profiles__{name}__{member}";
        if (name.Length > MaxName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            yield return $"Uploads__Profiles has '{name}': a profile's name has 1 to {MaxName} of A-Z a-z 0-9 - _.";
        }

        if (profile.Bucket is { } bucket && !ObjectKey.IsValidBucket(bucket))
        {
            yield return $"{Setting(nameof(Bucket))} is '{bucket}': expected 3 to 63 of a-z, 0-9 and hyphen.";
        }

        if (profile.KeyTemplate is { } text)
        {
            if (!KeyTemplate.TryParse(text, out var template, out var fault))
            {
                yield return $"{Setting(nameof(KeyTemplate))} is '{text}': {fault}.";
            }
            else if (!template.IsUnique && (profile.ForbidOverwrite ?? uploads.ForbidOverwrite))
            {
                yield return $"{Setting(nameof(KeyTemplate))} is '{text}': without {{id}} two uploads get the same key, and {Setting(nameof(ForbidOverwrite))} is true.";
            }
        }

        if (profile.Sts == StsScope.Prefix && !(KeyTemplate.TryParse(profile.KeyTemplate ?? "", out var prefixed, out _) && prefixed.HasPrefix))
        {
            yield return $"{Setting(nameof(Sts))} is Prefix: {Setting(nameof(KeyTemplate))} must begin with a folder that has no other variable than {{subject}}, such as photos/{{subject}}/.";
        }

        var maxSize = profile.MaxSize ?? uploads.MaxSize;
        if (maxSize is < 1 or > OssLimits.MaxObjectSize)
        {
            yield return $"{Setting(nameof(MaxSize))} is {maxSize}: expected 1 to {OssLimits.MaxObjectSize} bytes.";
        }

        if (profile.MinSize < 0 || profile.MinSize > maxSize)
        {
            yield return $"{Setting(nameof(MinSize))} is {profile.MinSize}: expected 0 to {maxSize}, the largest size.";
        }

        if (ContentTypes.Parse(profile.ContentTypes) is null)
        {
            yield return $"{Setting(nameof(ContentTypes))} is '{profile.ContentTypes}': expected media types such as image/*;application/pdf.";
        }

        if (profile.Lifetime is { } lifetime && (lifetime < TimeSpan.FromSeconds(1) || lifetime > OssLimits.MaxPresignLifetime))
        {
            yield return $"{Setting(nameof(Lifetime))} is {lifetime}: expected 00:00:01 to 7.00:00:00.";
        }

        if (!StorageClasses.Contains(profile.StorageClass, StringComparer.Ordinal))
        {
            yield return $"{Setting(nameof(StorageClass))} is '{profile.StorageClass}': expected one of {string.Join(", ", StorageClasses)}.";
        }

        if (!Acls.Contains(profile.ObjectAcl, StringComparer.Ordinal))
        {
            yield return $"{Setting(nameof(ObjectAcl))} is '{profile.ObjectAcl}': expected one of {string.Join(", ", Acls)}.";
        }

        if (profile.ContentDisposition is { } disposition && !Dispositions.Contains(disposition, StringComparer.Ordinal))
        {
            yield return $"{Setting(nameof(ContentDisposition))} is '{disposition}': expected one of {string.Join(", ", Dispositions)}.";
        }

        if (profile.TrafficLimit is < OssLimits.MinTrafficLimit or > OssLimits.MaxTrafficLimit)
        {
            yield return $"{Setting(nameof(TrafficLimit))} is {profile.TrafficLimit}: expected {OssLimits.MinTrafficLimit} to {OssLimits.MaxTrafficLimit} bits per second.";
        }

        foreach (var fault in LooseKinds.Faults(Setting, profile, uploads).Concat(UploadVariables.Faults(Setting(nameof(Variables)), profile)))
        {
            yield return fault;
        }
    }

    /// <summary>The profile of settings in which there is no fault.</summary>
    public static UploadProfile Of(string name, UploadProfileOptions profile, UploadOptions uploads, string bucket) => new(
        name,
        profile.Bucket ?? bucket,
        profile.KeyTemplate is { } text && KeyTemplate.TryParse(text, out var template, out _) ? template : null,
        profile.MinSize,
        profile.MaxSize ?? uploads.MaxSize,
        ContentTypes.Parse(profile.ContentTypes)!,
        profile.Lifetime ?? uploads.Lifetime,
        profile.ForbidOverwrite ?? uploads.ForbidOverwrite,
        profile.StorageClass,
        profile.ObjectAcl,
        profile.ContentDisposition,
        profile.TrafficLimit,
        profile.Sts,
        profile.AlibabaForm,
        Names(profile.Callers))
    {
        Variables = profile.Variables,
        VariableRoom = profile.VariableRoom,
    };

    /// <summary>Whether a caller may use it.</summary>
    /// <param name="caller">The caller's name, or null for one who gave none.</param>
    public bool IsFor(string? caller) => Callers.Count == 0 || (caller is not null && Callers.Contains(caller));

    internal static HashSet<string> Names(string? list) =>
        new((list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
