using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.UploadSessions;

/// <summary>What a browser does with a capability URL: no key, no header of its own.</summary>
internal sealed class SessionClient(RunningApp app, string endpoint)
{
    private static readonly HttpClient Browser = new();

    /// <summary>Asks for a session, as the app's server does.</summary>
    public static async Task<(JsonElement Answer, SessionClient Client)> OpenAsync(RunningApp app, object body)
    {
        var answer = await app.Client.PostAsync("/api/uploads", body, default);
        return (answer, new SessionClient(app, answer.GetProperty("endpoint").GetString()!));
    }

    public string Endpoint => endpoint;

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, RunningApp.Raw(endpoint + path)) { Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), null, "application/json") };
        using var response = await Browser.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async Task<JsonElement> GoodAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {answer}");
        return answer;
    }

    public async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        return (status, answer.GetProperty("code").GetString());
    }

    public async Task<(string Key, string UploadId)> BeginAsync(string filename = "big file+1.bin", string type = "application/x-test")
    {
        var begun = await GoodAsync(HttpMethod.Post, "/s3/multipart", new { filename, type, metadata = new { name = filename }, other = 1 });
        return (begun.GetProperty("key").GetString()!, begun.GetProperty("uploadId").GetString()!);
    }

    public static string Path(string uploadId, string key, string step = "") => $"/s3/multipart/{Uri.EscapeDataString(uploadId)}{step}?key={Uri.EscapeDataString(key)}";

    /// <summary>Sends a part as Uppy does: to the URL, without headers.</summary>
    public async Task<string> SendPartAsync(string uploadId, string key, int number, byte[] bytes)
    {
        var signed = await GoodAsync(HttpMethod.Get, Path(uploadId, key, $"/{number}"));
        Assert.InRange(signed.GetProperty("expires").GetInt32(), 500, 600);
        return await SendAsync(signed.GetProperty("url").GetString()!, bytes);
    }

    public async Task<string> SendAsync(string url, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, RunningApp.Raw(url)) { Content = new ByteArrayContent(bytes) };
        using var response = await app.Outside.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.Tag;
    }

    public static object Parts(params IEnumerable<(int Number, string ETag)> parts) => new { parts = parts.Select(part => new { PartNumber = part.Number, part.ETag }) };
}
