using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Tests.OssKeys;

/// <summary>The endpoint that App Service and Functions give tokens of the app's managed identity at.</summary>
public sealed class IdentityServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Resource, string ClientId)> _asked = new();
    private readonly ConcurrentQueue<string> _tokens = new();

    private IdentityServer(WebApplication server) => _server = server;

    public string Url => _server.Urls.Single() + "/msi/token";

    /// <summary>What callers have to send in <c>X-IDENTITY-HEADER</c>.</summary>
    public string Secret { get; } = Guid.NewGuid().ToString("N");

    /// <summary>For whom tokens were given, and of which identity.</summary>
    public IReadOnlyCollection<(string Resource, string ClientId)> Asked => _asked;

    /// <summary>The tokens.</summary>
    public IReadOnlyCollection<string> Tokens => _tokens;

    public static async Task<IdentityServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var identity = new IdentityServer(server);
        server.Run(identity.AnswerAsync);
        await server.StartAsync();
        return identity;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Headers["X-IDENTITY-HEADER"] != Secret || http.Request.Query["api-version"] != "2019-08-01")
        {
            http.Response.StatusCode = 401;
            return;
        }

        var (resource, life) = (http.Request.Query["resource"].ToString(), TimeSpan.FromHours(24));
        var token = Jwt.Of(resource, life);
        _asked.Enqueue((resource, http.Request.Query["client_id"].ToString()));
        _tokens.Enqueue(token);
        await http.Response.WriteAsJsonAsync(new
        {
            access_token = token, expires_on = (DateTimeOffset.UtcNow + life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), resource, token_type = "Bearer",
        });
    }
}
