using Oss.Emulator.Http;

namespace Oss.Emulator.Tests.Buckets;

public sealed class BucketNamesOfOperationsTests
{
    [Theory]
    [InlineData("PUT", "policy", "PutBucketPolicy")]
    [InlineData("GET", "policyStatus", "GetBucketPolicyStatus")]
    [InlineData("PUT", "referer", "PutBucketReferer")]
    [InlineData("PUT", "logging", "PutBucketLogging")]
    [InlineData("GET", "website", "GetBucketWebsite")]
    [InlineData("PUT", "encryption", "PutBucketEncryption")]
    [InlineData("PUT", "tagging", "PutBucketTags")]
    [InlineData("GET", "inventory", "ListBucketInventory")]
    [InlineData("GET", "inventory&inventoryId=a", "GetBucketInventory")]
    [InlineData("PUT", "inventory&inventoryId=a", "PutBucketInventory")]
    [InlineData("POST", "replication&comp=add", "PutBucketReplication")]
    [InlineData("POST", "comp=delete&replication", "DeleteBucketReplication")]
    [InlineData("GET", "replicationProgress", "GetBucketReplicationProgress")]
    [InlineData("PUT", "transferAcceleration", "PutBucketTransferAcceleration")]
    [InlineData("PUT", "requestPayment", "PutBucketRequestPayment")]
    [InlineData("POST", "worm", "InitiateBucketWorm")]
    [InlineData("DELETE", "worm", "AbortBucketWorm")]
    [InlineData("POST", "wormId=a", "CompleteBucketWorm")]
    [InlineData("GET", "cname", "ListCname")]
    [InlineData("POST", "cname&comp=add", "PutCname")]
    [InlineData("GET", "cname&comp=token", "GetCnameToken")]
    [InlineData("GET", "live", "ListLiveChannel")]
    [InlineData("GET", "style", "ListStyle")]
    [InlineData("GET", "style&styleName=a", "GetStyle")]
    [InlineData("POST", "metaQuery", "DoMetaQuery")]
    [InlineData("POST", "metaQuery&comp=add", "OpenMetaQuery")]
    [InlineData("GET", "accessmonitor", "GetBucketAccessMonitor")]
    [InlineData("PUT", "httpsConfig", "PutBucketHttpsConfig")]
    [InlineData("PUT", "publicAccessBlock", "PutBucketPublicAccessBlock")]
    [InlineData("HEAD", "", "HEAD on a bucket")]
    [InlineData("PATCH", "lifecycle", "PATCH ?lifecycle on a bucket")]
    public async Task What_it_cannot_do_on_a_bucket_it_says_in_OSSs_words(string method, string query, string operation)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await oss.CallAsync(method, TestOss.BucketName, query);

        Assert.Equal(501, (int)response.StatusCode);
        Assert.Equal((operation, "NotImplemented"), (oss.Emulator.Requests.Single().Operation, oss.Emulator.Requests.Single().ErrorCode));
    }

    [Theory]
    [InlineData("GET", "", "ListObjects")]
    [InlineData("GET", "prefix=a&max-keys=3", "ListObjects")]
    [InlineData("GET", "list-type=2", "ListObjectsV2")]
    [InlineData("GET", "continuation-token=a", "ListObjectsV2")]
    [InlineData("GET", "versions", "ListObjectVersions")]
    [InlineData("GET", "uploads", "ListMultipartUploads")]
    [InlineData("GET", "bucketInfo", "GetBucketInfo")]
    [InlineData("GET", "location", "GetBucketLocation")]
    [InlineData("GET", "stat", "GetBucketStat")]
    [InlineData("GET", "acl", "GetBucketAcl")]
    [InlineData("PUT", "acl", "PutBucketAcl")]
    [InlineData("PUT", "cors", "PutBucketCors")]
    [InlineData("GET", "cors", "GetBucketCors")]
    [InlineData("DELETE", "cors", "DeleteBucketCors")]
    [InlineData("PUT", "versioning", "PutBucketVersioning")]
    [InlineData("PUT", "", "PutBucket")]
    [InlineData("DELETE", "", "DeleteBucket")]
    [InlineData("POST", "", "PostObject")]
    [InlineData("POST", "delete", "DeleteMultipleObjects")]
    public void What_it_can_do_has_OSSs_name(string method, string query, string operation)
    {
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        http.Request.Method = method;

        Assert.Equal(operation, OperationName.Of(http.Request, new RequestTarget("b", null, "/b/", query)));
    }
}
