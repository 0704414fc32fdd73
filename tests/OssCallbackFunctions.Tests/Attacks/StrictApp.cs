using System.Security.Cryptography;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>Tests that share one.</summary>
[CollectionDefinition(nameof(Strict))]
public sealed class Strict : ICollectionFixture<StrictApp>;

/// <summary>The app as a cautious operator sets it: no profile that nobody configured, no source at home, credentials that are soon over, and as many callback addresses as OSS takes.</summary>
public sealed class StrictApp : RunningApp
{
    /// <summary>Another bucket than the settings' own.</summary>
    public const string SecondBucket = "second-bucket";

    protected override Dictionary<string, string> Settings => new()
    {
        ["Uploads__Profiles__shop__KeyTemplate"] = "shop/{id}",
        ["Uploads__Profiles__shop__Callers"] = "shop",
        ["Callers__shop__KeySha256"] = Convert.ToHexStringLower(SHA256.HashData("shop's key"u8)),
        ["Uploads__Profiles__files__KeyTemplate"] = "files/{id}",
        ["Uploads__Profiles__brief__KeyTemplate"] = "brief/{id}",
        ["Uploads__Profiles__brief__Lifetime"] = "00:00:02",
        ["Uploads__Profiles__brief__AlibabaForm"] = "true",
        ["Uploads__Profiles__second__KeyTemplate"] = "second/{id}",
        ["Uploads__Profiles__second__Bucket"] = SecondBucket,
        ["Callbacks__FallbackBaseUrls"] = "http://127.0.0.1:1;http://127.0.0.1:2;http://127.0.0.1:3;http://127.0.0.1:4",
        ["BulkUploads__AllowedSourceHosts"] = Source.Authority,
        ["BulkUploads__AllowHttpSources"] = "true",
    };
}
