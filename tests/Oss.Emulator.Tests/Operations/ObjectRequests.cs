using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Operations;

/// <summary>Requests on objects, as short as a test wants them.</summary>
internal static class ObjectRequests
{
    public static OssRequest Request(string method, string? key, params (string Name, string Value)[] headers)
    {
        var request = new OssRequest(method, TestOss.BucketName, key);
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }

    /// <summary>Sends, and fails unless the status is the one expected.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this TestOss oss, int status, OssRequest request, HttpContent? body = null)
    {
        var response = await oss.SendAsync(request, body);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {await response.Content.ReadAsStringAsync()}");
        return response;
    }

    public static async Task PutAsync(this TestOss oss, string key, byte[] content, params (string Name, string Value)[] headers) =>
        (await oss.SendAsync(200, Request("PUT", key, headers), new ByteArrayContent(content))).Dispose();

    public static Task<HttpResponseMessage> HeadAsync(this TestOss oss, string key) => oss.SendAsync(200, Request("HEAD", key));

    public static async Task<OssError> RefusedAsync(this TestOss oss, OssRequest request, HttpContent? body = null) => await TestOss.ErrorAsync(await oss.SendAsync(request, body));

    /// <summary>Sends without a signature.</summary>
    public static async Task<int> StatusWithoutSignatureAsync(this TestOss oss, OssRequest request, HttpContent? body = null)
    {
        using var response = await oss.SendAsIsAsync(request, body);
        return (int)response.StatusCode;
    }

    /// <summary>An emulator whose bucket is not the ordinary one.</summary>
    public static Task<TestOss> StartAsync(DirectoryInfo folder, string? versioning = null, string acl = "private", string storageClass = "Standard")
    {
        var bucket = folder.CreateSubdirectory("buckets").CreateSubdirectory(TestOss.BucketName);
        var quoted = versioning is null ? "null" : $"\"{versioning}\"";
        File.WriteAllText(Path.Combine(bucket.FullName, "bucket.json"),
            $$"""{"name":"{{TestOss.BucketName}}","created":"2025-01-01T00:00:00+00:00","acl":"{{acl}}","storageClass":"{{storageClass}}","versioning":{{quoted}}}""");
        return TestOss.StartAsync(folder.FullName);
    }

    /// <summary>CRC64 of all the bytes, as headers have it.</summary>
    public static string Crc(params byte[][] parts) => Crc64.ToText(Crc64.Compute(Joined(parts)));

    public static byte[] Joined(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static ByteArrayContent Xml(string xml) => new(Encoding.UTF8.GetBytes(xml));
}
