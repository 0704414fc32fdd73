using OssCallbackFunctions.Credentials;

namespace AlibabaSide;

/// <summary>What whoever applies the documents has to know.</summary>
internal static class Notices
{
    public static IEnumerable<string> Of(ConfiguredApp app, Wishes wishes)
    {
        foreach (var profile in app.Profiles.Where(profile => profile.KeyTemplate is null))
        {
            yield return $"Profile '{profile.Name}' has no key template, so callers choose keys, and the policy covers all of {profile.Bucket}: set {Setting(profile, "KeyTemplate")} for less.";
        }

        foreach (var profile in app.Profiles.Where(profile => profile.AlibabaForm))
        {
            yield return $"Profile '{profile.Name}' lends forms in which no ACL is pinned ({Setting(profile, "AlibabaForm")}), so oss:PutObjectAcl is denied for its keys: forms of the usual kind are refused there.";
        }

        if (app.HasBulkUploads)
        {
            yield return $"Bulk uploads take any key, so the policy covers all of {app.Oss.Bucket}.";
            if (!wishes.JobTags || !wishes.JobAcl)
            {
                yield return "Jobs with tags need --job-tags, and jobs with an acl --job-acl.";
            }
        }

        if (app.Cors.Origins.Count == 0)
        {
            yield return "Cors__AllowedOrigins is empty: no CORS rule. Pages that upload from browsers have to be named there.";
        }

        yield return "PutBucketCors and PutBucketLifecycle replace all rules of a bucket: where there are others ('--method get'), put these among them.";
    }

    private static string Setting(UploadProfile profile, string name) => $"Uploads__Profiles__{profile.Name}__{name}";
}
