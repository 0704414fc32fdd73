using System.Text;
using AlibabaSide;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>The app beside an OSS that lets it do what the printed policies say, and no more.</summary>
public sealed class GuardedApp : RunningApp
{
    public const string SourceBucket = "source-bucket";
    public const string Page = "https://www.example.com";

    protected override Dictionary<string, string> Settings => new()
    {
        ["Grants__Secret"] = GrantsSecret,
        ["Uploads__Profiles__default__KeyTemplate"] = "plain/{id}",
        ["Uploads__Profiles__pictures__KeyTemplate"] = "pictures/{subject}/{date}/{id}{ext}",
        ["Uploads__Profiles__pictures__ObjectAcl"] = "private",
        ["Uploads__Profiles__pictures__StorageClass"] = "IA",
        ["Uploads__Profiles__pictures__ContentDisposition"] = "inline",
        ["Uploads__Profiles__lent__KeyTemplate"] = "lent/{subject}/{id}",
        ["Uploads__Profiles__lent__Sts"] = "key",
        ["Uploads__Profiles__samples__KeyTemplate"] = "samples/{id}",
        ["Uploads__Profiles__samples__AlibabaForm"] = "true",
        ["Cors__AllowedOrigins"] = Page,
        ["BulkUploads__OssSourceBuckets"] = SourceBucket,
        ["BulkUploads__PartSize"] = "102400",
    };

    /// <summary>Settings without anything that a bulk upload could be made of.</summary>
    public static IReadOnlyList<(string Name, string Value)> WithoutBulk { get; } =
    [
        ("BulkUploads__FileRoot", ""), ($"BulkUploads__BlobContainers__{Stack.BlobContainer}__ConnectionString", ""), ($"BulkUploads__BlobContainers__{Stack.BlobContainer}__Container", ""),
        ("BulkUploads__OssSourceBuckets", ""),
    ];

    public string LentRole => Stack.Settings["Sts__RoleArn"];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await AdministerAsync(new OssRequest("PUT", SourceBucket, null), "");
        await Oss.PutObjectAsync(SourceBucket, "from/a.bin", UploadBody.From("hello"u8.ToArray()));
        await AdministerAsync(new OssRequest("PUT", Stack.Bucket, null).With("cors", null), Text(Print(), "cors"));
        await AdministerAsync(new OssRequest("PUT", Stack.Bucket, null).With("lifecycle", null), Text(Print(), "lifecycle"));
    }

    /// <summary>What the command prints for this app's settings, but for those that a test changes.</summary>
    public Documents Print(Wishes? wishes = null, params IEnumerable<(string Name, string Value)> changes) =>
        Documents.Make(null, Stack.Settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)).Concat(changes.Select(change => KeyValuePair.Create(change.Name, (string?)change.Value))), wishes ?? new Wishes());

    public static string Text(Documents documents, string part) => documents.All.Single(document => document.Part == part).Text;

    private async Task AdministerAsync(OssRequest request, string body)
    {
        var signer = new V4Signer(Stack.AccessKey, Stack.Region);
        var presigned = signer.Presign(request, OssEndpoint.Parse(Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await Outside.PutAsync(Raw(presigned.Url), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
