using System.Net;
using System.Text;
using System.Xml.Linq;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>Tests that share one.</summary>
[CollectionDefinition(nameof(Browsers))]
public sealed class Browsers : ICollectionFixture<BrowserApp>;

/// <summary>The app and the bucket of a web site whose pages upload.</summary>
public sealed class BrowserApp : RunningApp
{
    private readonly string _folder = Directory.CreateTempSubdirectory("browser-tests-").FullName;
    private PageServer? _pages;

    protected override Dictionary<string, string> Settings => new(base.Settings) { ["Cors__AllowedOrigins"] = _pages!.Origin };

    public override async ValueTask InitializeAsync()
    {
        _pages = await PageServer.StartAsync(_folder);
        await base.InitializeAsync();

        // What a bucket must allow for its users' browsers, and README says so. Uppy cannot go on without ETag, and says so only in the console; Location saves it a complaint.
        await OssAsync("PUT", "cors", $"""
            <CORSConfiguration><CORSRule>
            <AllowedOrigin>{_pages.Origin}</AllowedOrigin>
            <AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
            <AllowedHeader>Content-Type</AllowedHeader><AllowedHeader>Content-MD5</AllowedHeader><AllowedHeader>x-oss-*</AllowedHeader>
            <ExposeHeader>ETag</ExposeHeader><ExposeHeader>Location</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader>
            <MaxAgeSeconds>600</MaxAgeSeconds>
            </CORSRule></CORSConfiguration>
            """);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_pages is not null)
        {
            await _pages.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Opens a page in a browser.</summary>
    internal PageRun Open(string page, object task, byte[] content) => _pages!.Open(page, task, content, _folder);

    /// <summary>How many multipart uploads below a prefix are not over.</summary>
    public async Task<int> OpenMultipartsAsync(string prefix) =>
        XElement.Parse(await OssAsync("GET", $"uploads&prefix={OssEncoding.Encode(prefix)}")).Elements("Upload").Count();

    private async Task<string> OssAsync(string method, string query, string? body = null)
    {
        var request = new OssRequest(method, Stack.Bucket, null) { Query = [.. OssEncoding.ParseQuery(query)] };
        var url = new V4Signer(Stack.AccessKey, Stack.Region).Presign(request, OssEndpoint.Parse(Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1)).Url;
        using var message = new HttpRequestMessage(new HttpMethod(method), Raw(url)) { Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        using var response = await Outside.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return text;
    }
}
