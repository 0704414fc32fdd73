using System.Text;
using CsCheck;
using Oss.Protocol;
using Oss.Protocol.Tests;

namespace Oss.Emulator.Tests.Malformed;

/// <summary>Requests made up from what OSS knows and what nobody would send, most of them signed properly so that they get as far as the operations: 3,000 in each run.</summary>
public sealed class GeneratedRequestTests
{
    private const int Requests = 3000;

    private static readonly string[] Texts =
    [
        "", "0", "1", "-1", "2", "10000", "10001", "99999999999999999999", "1.5", "true", "false", "yes", "url", "a", "a/../b", "%", "%2F", "+", " ", "中文", "😀", "\"", "'", "<a>&", "\u0001", "\u00ff",
        "null", "/", "//", "\\", "*", "Enabled", "private", "public-read", "default", "Standard", "IA", "Archive", "COPY", "REPLACE", "bytes=0-0", "bytes=-1", "bytes=5-2", "bytes=0-1,3-4", "bytes=a-b",
        "/examplebucket/a", "/examplebucket/missing", "/other-bucket/a", "/examplebucket/a?versionId=null", "/x", "Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 01 Jun 2025 12:00:00 GMT", "not a time",
        "819200", "{\"callbackUrl\":\"127.0.0.1:1\",\"callbackBody\":\"a\"}", "eyJjYWxsYmFja1VybCI6IjEyNy4wLjAuMToxIiwiY2FsbGJhY2tCb2R5IjoiYSJ9", "e30=", "====", "a=1&b=2", "a=1&a=2",
        "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "rL0Y20zC+Fzt72VPzMSk2A==", "gzip", "chunked", "http://a.test", "PUT", "GET",
    ];

    private static readonly string[] Parameters =
    [
        "acl", "append", "bucketInfo", "callback", "callback-var", "continuation-token", "cors", "delete", "delimiter", "encoding-type", "fetch-owner", "key-marker", "lifecycle", "list-type", "location", "marker",
        "max-keys", "max-parts", "max-uploads", "objectMeta", "part-number-marker", "partNumber", "position", "prefix", "response-content-type", "restore", "start-after", "stat", "symlink", "tagging",
        "upload-id-marker", "uploadId", "uploads", "version-id-marker", "versionId", "versioning", "versions", "x-oss-process", "x-oss-traffic-limit", "nonsense",
    ];

    private static readonly string[] Headers =
    [
        "Content-Type", "Content-MD5", "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Expect", "Cache-Control",
        "x-oss-acl", "x-oss-callback", "x-oss-callback-var", "x-oss-complete-all", "x-oss-copy-source", "x-oss-copy-source-if-match", "x-oss-copy-source-range", "x-oss-forbid-overwrite", "x-oss-meta-a", "x-oss-metadata-directive",
        "x-oss-object-acl", "x-oss-range-behavior", "x-oss-server-side-encryption", "x-oss-storage-class", "x-oss-tagging", "x-oss-tagging-directive", "x-oss-traffic-limit",
    ];

    private static readonly string[] Bodies =
    [
        "", "x", "<", "<a/>", "<a><b></a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<Delete><Object><Key>a</Key></Object></Delete>", "<Delete><Object><Key></Key></Object></Delete>", "<Delete><Quiet>maybe</Quiet></Delete>",
        "<Delete><Object><Key>&#1;</Key></Object></Delete>", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
        "<CompleteMultipartUpload><Part><PartNumber>99999999999</PartNumber></Part></CompleteMultipartUpload>", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
        "<CORSConfiguration><CORSRule/></CORSConfiguration>", "<VersioningConfiguration><Status>Nearly</Status></VersioningConfiguration>", "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>",
        "<CreateBucketConfiguration><StorageClass>Gold</StorageClass></CreateBucketConfiguration>", "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na\r\n--x--", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na\r\n--x--\r\n",
        new('<', 5000), string.Concat(Enumerable.Repeat("<a>", 3000)),
    ];

    private static readonly Gen<string> Method = OneOf("GET", "GET", "PUT", "PUT", "POST", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "X");
    private static readonly Gen<string> Text = Gen.Frequency((9, OneOf(Texts)), (1, Gen.String[Gen.Char[' ', '\u2fff'], 0, 20]));
    private static readonly Gen<string> BucketName = Gen.Frequency((8, Gen.Const(TestOss.BucketName)), (1, Gen.Const("other-bucket")), (1, OneOf("missing-bucket", "UPPER", "-x", "a.b", "中文")));
    private static readonly Gen<Generated> AnyRequest = Gen.Select(
        Gen.Select(Method, BucketName.Null(0.1), Text.Null(0.4)),
        Gen.Select(OneOf(Parameters), Text.Null(0.4)).Array[0, 3],
        Gen.Select(OneOf(Headers), Text).Array[0, 3],
        OneOf(Bodies),
        Gen.Int[0, 9]).Select((target, query, headers, body, kind) => new Generated(target.Item1, target.Item2, target.Item3, query, headers, body, kind));

    [Fact]
    public async Task Are_answered_in_OSSs_form_or_not_at_all()
    {
        await using var oss = await TestOss.StartAsync(callbackTimeout: TimeSpan.FromMilliseconds(500));
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(TestOss.Bytes(1000)));

        var statuses = await ManyExchanges.SendAsync(AnyRequest, generated => ToBytes(generated, oss), new Uri(oss.Emulator.Endpoint).Port, Requests);

        var sent = statuses.Values.Sum();
        // They got past the signature, and not all of them were refused.
        Assert.True(statuses.Where(pair => pair.Key is >= 200 and < 300).Sum(pair => pair.Value) > Requests / 50);
        Assert.True(statuses.GetValueOrDefault(403) < sent / 2);
        Assert.True(statuses.GetValueOrDefault(0) < sent / 10);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static byte[] ToBytes(Generated generated, TestOss oss)
    {
        var request = new OssRequest(generated.Method, generated.Bucket, generated.Bucket is null ? null : generated.Key);
        foreach (var (name, value) in generated.Query)
        {
            request.With(name, value);
        }

        foreach (var (name, value) in generated.Headers)
        {
            request.Headers[name] = value;
        }

        // One in ten is not signed.
        if (generated.Kind > 0)
        {
            oss.Signer.Sign(request, oss.Clock.GetUtcNow());
        }

        var path = "/" + string.Join('/', ((string?[])[request.Bucket, request.Key]).OfType<string>().Select(OssEncoding.EncodePath));
        var query = request.RawQuery();
        var body = Encoding.UTF8.GetBytes(generated.Body);
        var head = new StringBuilder($"{request.Method} {path}{(query.Length > 0 ? "?" + query : "")} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        foreach (var (name, value) in request.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        // Some say more or less than they send, some nothing.
        _ = generated.Kind switch
        {
            1 => head.Append("Content-Length: ").Append(body.Length + 5).Append("\r\n"),
            2 => head.Append("Transfer-Encoding: chunked\r\n"),
            3 when body.Length == 0 => head,
            _ => head.Append("Content-Length: ").Append(body.Length).Append("\r\n"),
        };
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    private sealed record Generated(string Method, string? Bucket, string? Key, (string Name, string? Value)[] Query, (string Name, string Value)[] Headers, string Body, int Kind);
}
