using System.Text.Json;
using System.Threading.Channels;
using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>A page that is open in a browser until this is disposed of.</summary>
internal sealed class PageRun : IAsyncDisposable
{
    private readonly Channel<(string Name, JsonElement Data, TaskCompletionSource GoOn)> _steps = Channel.CreateUnbounded<(string, JsonElement, TaskCompletionSource)>();
    private readonly ChildProcess _browser;

    public PageRun(string page, string task, byte[] content, string url, string folder)
    {
        (Page, Task, Content) = (page, task, content);
        _browser = Chromium.Open(url, folder);
    }

    public string Page { get; }

    public string Task { get; }

    public byte[] Content { get; }

    /// <summary>Waits for the page's next step, which must be this one, and lets the page go on when the test has done what it does in the meantime.</summary>
    /// <returns>What the page says of it.</returns>
    public async Task<JsonElement> StepAsync(string name, Func<Task>? meanwhile = null)
    {
        using var hung = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var ended = _browser.WaitForExitAsync(hung.Token);
        var next = _steps.Reader.ReadAsync(hung.Token).AsTask();
        try
        {
            await System.Threading.Tasks.Task.WhenAny(next, ended);
            Assert.True(next.IsCompletedSuccessfully, $"The page did not come to '{name}'. {_browser.LogTail(30)}");
            var (reached, data, goOn) = await next;
            Assert.True(name == reached, $"Expected '{name}', and the page came to '{reached}': {data}{Environment.NewLine}{_browser.LogTail(30)}");
            await (meanwhile?.Invoke() ?? System.Threading.Tasks.Task.CompletedTask);
            goOn.SetResult();
            return data;
        }
        finally
        {
            await hung.CancelAsync();
        }
    }

    /// <summary>The page has come to a step; ends when it may go on.</summary>
    public async Task<byte[]> ReachAsync(string name, Stream body)
    {
        using var data = await JsonDocument.ParseAsync(body);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _steps.Writer.TryWrite((name, data.RootElement.Clone(), goOn));
        await goOn.Task;
        return "{}"u8.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        while (_steps.Reader.TryRead(out var step))
        {
            step.GoOn.SetResult();
        }
    }
}
