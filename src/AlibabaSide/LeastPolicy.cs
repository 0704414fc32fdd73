using OssCallbackFunctions.Credentials;

namespace AlibabaSide;

/// <summary>What the app, and whoever it lends keys to, must be allowed: no action and no object more. Source: OSS documentation, section "Permissions" of each operation that is used.</summary>
internal static class LeastPolicy
{
    private const string Assume = "sts:AssumeRole";

    // Names of buckets are nobody else's, in whatever region and account.
    private const string Any = "acs:oss:*:*:";

    // A lent key can do no more than its session policy says.
    private static readonly string[] Uploading = ["oss:PutObject", "oss:ListParts", "oss:AbortMultipartUpload"];

    // GetObject: HeadObject, by which each upload is proven.
    private static readonly string[] Lending = [.. Uploading, "oss:GetObject"];

    private static readonly string[] Doctoring = ["oss:GetBucketInfo", "oss:GetBucketLifecycle"];

    /// <summary>Of the key or the role that signs.</summary>
    public static string OfApp(ConfiguredApp app, Parties parties, Wishes wishes) => PolicyText.Of(Statements(app, parties, wishes).Where(statement => statement.Resources is not []));

    /// <summary>Of the role that temporary keys are lent of.</summary>
    public static string OfLentRole(ConfiguredApp app) => PolicyText.Of(new Statement(Uploading, Widest(app.Lending.Select(Objects))));

    /// <summary>Of the user whose key assumes the app's role.</summary>
    public static string OfUser(Parties parties) => PolicyText.Of(new Statement([Assume], [parties.AppRole!]));

    private static IEnumerable<Statement> Statements(ConfiguredApp app, Parties parties, Wishes wishes)
    {
        var jobs = app.HasBulkUploads ? new[] { Bucket(app.Oss.Bucket) + "/*" } : [];
        yield return new(Lending, Widest(app.Profiles.Select(Objects).Concat(jobs)));

        // Forms have the field x-oss-object-acl always, so that nobody adds one; other credentials where the profile has an ACL.
        yield return new(["oss:PutObjectAcl"], Widest(app.Profiles.Where(profile => !profile.AlibabaForm).Select(Objects).Concat(wishes.JobAcl ? jobs : [])));
        // These forms cannot have it: whoever fills one in could make the object public.
        yield return new(["oss:PutObjectAcl"], Widest(app.Profiles.Where(profile => profile.AlibabaForm).Select(Objects))) { IsDenied = true };
        yield return new(["oss:PutObjectTagging"], wishes.JobTags ? jobs : []);
        // Multipart uploads that a worker died over.
        yield return new(["oss:ListMultipartUploads"], app.HasBulkUploads ? [Bucket(app.Oss.Bucket)] : []);
        yield return new(["oss:GetObject"], [.. app.Bulk.SourceBuckets.Select(bucket => Bucket(bucket) + "/*")]);
        yield return new(["oss:ListObjects"], [.. app.Bulk.SourceBuckets.Select(Bucket)]);
        yield return new([Assume], parties.LentRole is { } role ? [role] : []);
        yield return new(Doctoring, wishes.Doctor ? [.. app.Buckets.Select(Bucket)] : []);
    }

    private static string Bucket(string bucket) => Any + bucket;

    private static string Objects(UploadProfile profile) => $"{Bucket(profile.Bucket)}/{profile.KeyTemplate?.Pattern ?? "*"}";

    // What a folder with all below it stands for already is left out.
    private static string[] Widest(IEnumerable<string> resources)
    {
        var all = resources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return [.. all.Where(one => !all.Any(other => other != one && Folder(other) is { } folder && one.StartsWith(folder, StringComparison.Ordinal)))];
    }

    // What stands before a star at the end, when there is no other.
    private static string? Folder(string resource) => resource.IndexOf('*', Any.Length) == resource.Length - 1 ? resource[..^1] : null;
}
