namespace OssCallbackFunctions.Credentials;

/// <summary>
/// What a profile may not ask for while it lends credentials that cannot hold it. The front ends of Alibaba Cloud's samples send no field of the object's that a policy could pin; a temporary key's session policy
/// (<see cref="Oss.Protocol.SessionPolicy"/>) allows actions on keys, whatever headers they come with. Source: OSS documentation, "PostObject".
/// </summary>
internal static class LooseKinds
{
    /// <summary>What is wrong, each setting named.</summary>
    /// <param name="setting">Name of a profile's setting in the environment.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="uploads">What it does not change.</param>
    public static IEnumerable<string> Faults(Func<string, string> setting, UploadProfileOptions profile, UploadOptions uploads)
    {
        var template = KeyTemplate.TryParse(profile.KeyTemplate ?? "", out var parsed, out _) ? parsed : null;
        if (profile.Sts == StsScope.Key && template is not { IsUnique: true })
        {
            yield return $"{setting(nameof(profile.Sts))} is Key: {setting(nameof(profile.KeyTemplate))} must have {{id}}, since whoever has a key for an object can replace it, whosever it is.";
        }

        var forbidden = profile.ForbidOverwrite ?? uploads.ForbidOverwrite;
        foreach (var (kind, missing) in Lent(setting, profile, template))
        {
            if (forbidden && missing is not null)
            {
                yield return $"{setting(nameof(profile.ForbidOverwrite))} is true and {kind}: whoever has such a credential can replace what has its keys. Take {missing} into {setting(nameof(profile.KeyTemplate))}, or say false.";
            }

            foreach (var (member, value) in Asked(profile))
            {
                yield return $"{setting(member)} is '{value}' and {kind}: whoever has such a credential need not send it. Leave it out.";
            }
        }
    }

    // Each kind, and what the template must have so that its holders can replace nothing but what is theirs; null: it has.
    private static IEnumerable<(string Kind, string? Missing)> Lent(Func<string, string> setting, UploadProfileOptions profile, KeyTemplate? template)
    {
        if (profile.AlibabaForm)
        {
            yield return ($"{setting(nameof(profile.AlibabaForm))} is true", template is { IsUnique: true } ? null : "{id}");
        }

        if (profile.Sts != StsScope.None)
        {
            yield return ($"{setting(nameof(profile.Sts))} is {profile.Sts}", profile.Sts == StsScope.Key || template is { IsPrefixOfSubject: true } ? null : "a folder of {subject}");
        }
    }

    private static IEnumerable<(string Member, string Value)> Asked(UploadProfileOptions profile)
    {
        (string Member, string Value, string Usual)[] settings =
        [
            (nameof(profile.StorageClass), profile.StorageClass, UploadProfile.UsualStorageClass),
            (nameof(profile.ObjectAcl), profile.ObjectAcl, UploadProfile.AclOfBucket),
            (nameof(profile.ContentDisposition), profile.ContentDisposition ?? "", ""),
            (nameof(profile.TrafficLimit), $"{profile.TrafficLimit}", ""),
        ];
        return settings.Where(one => one.Value != one.Usual).Select(one => (one.Member, one.Value));
    }
}
