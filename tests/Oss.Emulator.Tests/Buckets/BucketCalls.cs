using System.Text;
using System.Xml.Linq;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Buckets;

/// <summary>Signed requests on buckets and on the service, and the XML that they get.</summary>
internal static class BucketCalls
{
    /// <summary>Sends a request on a bucket, or on the service where there is none; the query is written as in a URL.</summary>
    public static Task<HttpResponseMessage> CallAsync(
        this TestOss oss, string method, string? bucket, string query = "", string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new OssRequest(method, bucket, null) { Query = [.. OssEncoding.ParseQuery(query)] };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return oss.SendAsync(request, body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)));
    }

    /// <summary>The XML of a reply that has to be a success.</summary>
    public static async Task<XElement> XmlAsync(this TestOss oss, string method, string? bucket, string query = "")
    {
        var text = await oss.TextAsync(method, bucket, query);
        return XElement.Parse(text);
    }

    /// <summary>The body of a reply that has to be a success with XML.</summary>
    public static async Task<string> TextAsync(this TestOss oss, string method, string? bucket, string query = "")
    {
        using var response = await oss.CallAsync(method, bucket, query);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((200, "application/xml"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Status, code and EC of a refusal, with the value that it complains of.</summary>
    public static async Task<(int Status, string Code, string? Ec)> RefusalAsync(
        this TestOss oss, string method, string? bucket, string query = "", string? body = null, params (string Name, string Value)[] headers)
    {
        var error = await TestOss.ErrorAsync(await oss.CallAsync(method, bucket, query, body, headers));
        return (error.HttpStatus, error.Code, error.Ec);
    }

    /// <summary>The texts of all elements of a name, in order, wherever they are.</summary>
    public static string[] Texts(this XElement root, string name) => [.. root.Descendants(name).Select(element => element.Value)];

    public static string? Text(this XElement root, string name) => root.Element(name)?.Value;

    /// <summary>Stores an empty object under each key.</summary>
    public static async Task PutAsync(this TestOss oss, params IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            await oss.Client.PutObjectAsync(TestOss.BucketName, key, UploadBody.From(Array.Empty<byte>()));
        }
    }
}
