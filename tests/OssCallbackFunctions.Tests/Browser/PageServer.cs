using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>Serves the pages in <c>pages</c> from an origin of their own, as a web site would, and hears from them how far they are.</summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, PageRun> _runs = new();
    private readonly Task _serving;

    private PageServer(string scripts, int port)
    {
        Scripts = scripts;
        Origin = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Origin + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Origin of the pages.</summary>
    public string Origin { get; }

    /// <summary>Folder of the bundled scripts.</summary>
    private string Scripts { get; }

    /// <summary>Bundles the pages' scripts into a folder and starts.</summary>
    public static async Task<PageServer> StartAsync(string folder)
    {
        await NodePackages.InstallAsync();
        var scripts = Directory.CreateDirectory(Path.Combine(folder, "scripts")).FullName;
        var bundle = Path.Combine(Repository.Root, "tests", "OssCallbackFunctions.Tests", "Browser", "pages", "bundle.mjs");
        await using var node = ChildProcess.Start("node", "node", [bundle, scripts], folder, Path.Combine(folder, "bundle.log"));
        Assert.True(await node.WaitForExitAsync(default) == 0, node.LogTail());
        return new PageServer(scripts, Ports.Free(1)[0]);
    }

    /// <summary>Opens a page in a browser.</summary>
    /// <param name="page">Name of its script.</param>
    /// <param name="task">What it is told to do.</param>
    /// <param name="content">Bytes of the file that its user has chosen.</param>
    /// <param name="folder">Folder for the browser.</param>
    internal PageRun Open(string page, object task, byte[] content, string folder)
    {
        var id = Guid.NewGuid().ToString("N");
        return _runs[id] = new PageRun(page, JsonSerializer.Serialize(task), content, $"{Origin}/runs/{id}/", Path.Combine(folder, id));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        while (_listener.IsListening)
        {
            try
            {
                answers.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var response = context.Response;
            var path = context.Request.Url!.AbsolutePath.Split('/');
            var (type, body) = path switch
            {
                ["", "scripts", var script] => ("text/javascript", await File.ReadAllBytesAsync(Path.Combine(Scripts, script))),
                ["", "runs", var id, ""] => ("text/html", Encoding.UTF8.GetBytes(Html(_runs[id].Page))),
                ["", "runs", var id, "task"] => ("application/json", Encoding.UTF8.GetBytes(_runs[id].Task)),
                ["", "runs", var id, "content"] => ("application/octet-stream", _runs[id].Content),
                ["", "runs", var id, "steps", var step] => ("application/json", await _runs[id].ReachAsync(step, context.Request.InputStream)),
                _ => ("text/plain", null),
            };
            response.StatusCode = body is null ? 404 : 200;
            response.ContentType = type + "; charset=utf-8";
            await response.OutputStream.WriteAsync(body ?? []);
        }
        catch (HttpListenerException)
        {
            // The browser went away.
        }
    }

    // A script that does not load or throws before it has begun is a step as well.
    private static string Html(string page) => $$"""
        <!doctype html><meta charset="utf-8"><title>{{page}}</title>
        <script>
          addEventListener('error', event => fetch('steps/failed', { method: 'POST', body: JSON.stringify({ error: event.message ?? 'A script did not load.' }) }), true);
        </script>
        <script type="module" src="/scripts/{{page}}.js"></script>
        """;
}
