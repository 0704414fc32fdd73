using System.Net.Http.Json;
using System.Text.Json;

namespace Sandbox;

/// <summary>The app's HTTP endpoints, wherever it runs.</summary>
public sealed class AppHttp : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of an app.</summary>
    /// <param name="url">Its URL, without <c>/api</c>.</param>
    /// <param name="functionKey">Its function key.</param>
    public AppHttp(string url, string functionKey)
    {
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Add("x-functions-key", functionKey);
    }

    /// <summary>POST of JSON to an endpoint of the app; the reply's JSON.</summary>
    /// <exception cref="HttpRequestException">The app refused; the message has its words.</exception>
    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>State of a job; null while there is none, or while the app does not answer.</summary>
    public async Task<JsonElement?> FindJobAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync($"/api/bulk-uploads/{id}", cancellationToken);
            return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
