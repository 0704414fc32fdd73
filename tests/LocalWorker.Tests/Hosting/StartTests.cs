using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LocalWorker.Tests.Hosting;

public sealed class StartTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Fails_naming_the_storage_setting_when_a_queue_function_has_none()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(["StartQueue"], new() { ["AzureWebJobsStorage"] = "", ["StartQueueName"] = "queue" }));
        Assert.Contains("AzureWebJobsStorage", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queueServiceUri", "http://account.queue.core.windows.net", "AzureWebJobsStorage__queueServiceUri")]
    [InlineData("credential", "key", "AzureWebJobsStorage__credential")]
    public async Task Fails_naming_the_setting_of_an_identity_that_cannot_be(string setting, string value, string named)
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(["StartQueue"], new()
        {
            ["AzureWebJobsStorage"] = "", ["AzureWebJobsStorage:accountName"] = "account", [$"AzureWebJobsStorage:{setting}"] = value, ["StartQueueName"] = "queue",
        }));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_wins_over_the_settings_of_an_identity()
    {
        var queue = azurite.NewQueue();
        await using var host = await WorkerHost.StartAsync(["StartQueue"], new()
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString, ["AzureWebJobsStorage:queueServiceUri"] = "http://127.0.0.1:1", ["StartQueueName"] = queue.Name,
        });
        Assert.True(await queue.ExistsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fails_naming_the_setting_that_a_queue_name_refers_to()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(["StartQueue"], new() { ["AzureWebJobsStorage"] = azurite.ConnectionString }));
        Assert.Contains("'StartQueueName'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StartTwin", "'StartTwin' is used more than once")]
    [InlineData("StartRouteA StartRouteB", "'StartRouteA' and 'StartRouteB' have one route")]
    [InlineData("StartNoTrigger", "has 0 trigger parameters")]
    [InlineData("StartTwoTriggers", "has 2 trigger parameters")]
    [InlineData("StartStringRequest", "must be of type HttpRequestData")]
    [InlineData("StartStranger", "'stranger' is not in the route 'api/StartStranger'")]
    [InlineData("StartBadRoute", "the route 'api/{id' is wrong")]
    [InlineData("StartBadConstraint", "there is no constraint 'colour'")]
    public async Task Fails_naming_the_function_that_cannot_run(string functions, string message)
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(functions.Split(' '), new() { ["AzureWebJobsStorage"] = azurite.ConnectionString }));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("functionTimeout", "soon")]
    [InlineData("functionTimeout", "00:00:00")]
    [InlineData("extensions:queues:batchSize", "33")]
    [InlineData("extensions:queues:batchSize", "0")]
    [InlineData("extensions:queues:newBatchThreshold", "-1")]
    [InlineData("extensions:queues:maxDequeueCount", "0")]
    [InlineData("extensions:queues:visibilityTimeout", "8.00:00:00")]
    [InlineData("extensions:queues:maxPollingInterval", "00:00:00.05")]
    [InlineData("extensions:queues:messageEncoding", "base32")]
    public async Task Fails_naming_the_entry_of_host_json_that_is_wrong(string key, string value)
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(["StartQueue"], new()
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["StartQueueName"] = "queue",
            [$"AzureFunctionsJobHost:{key}"] = value,
        }));
        Assert.Contains($"'{value}' is not allowed for {key.Replace(':', '.')}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_naming_the_setting_of_its_own_that_is_wrong()
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => WorkerHost.StartAsync([], new() { ["LocalWorker:MessageVisibility"] = "00:00:00" }));
        Assert.Contains("MessageVisibility", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Succeeds_without_storage_when_no_function_needs_it()
    {
        await using var host = await WorkerHost.StartAsync(["StartRouteA"], new() { ["AzureWebJobsStorage"] = "" });
        Assert.NotEqual(0, host.Address.Port);
    }

    [Fact]
    public async Task Succeeds_while_storage_cannot_be_reached()
    {
        await using var host = await WorkerHost.StartAsync(
            ["StartQueue", "StartRouteA"],
            new()
            {
                ["StartQueueName"] = "queue",
                ["AzureWebJobsStorage"] = $"UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:{Sandbox.Ports.Free(1)[0]}",
            });
        using var reply = await host.Client.GetAsync(new Uri("/api/start/1", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(reply.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Says_which_functions_run_and_which_key_is_missing_and_never_writes_a_key_or_a_query()
    {
        var log = new LogLines();
        var queue = azurite.NewQueue();
        await using (var host = await WorkerHost.StartAsync(
            ["StartQueue", "StartRouteA", "StartLocked"],
            new() { ["AzureWebJobsStorage"] = azurite.ConnectionString, ["StartQueueName"] = queue.Name, ["LocalWorker:FunctionKey"] = null },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
                builder.Services.AddSingleton<ILoggerProvider>(log);
            }))
        {
            using var reply = await host.Client.GetAsync(
                new Uri($"/api/StartLocked?code={WorkerHost.MasterKey}&fail=1", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        var lines = log.Lines.ToArray();
        Assert.Contains("StartRouteA: Http GET,POST api/start/{id}", lines);
        Assert.Contains("StartLocked: Http * api/StartLocked", lines);
        Assert.Contains($"StartQueue: Queue {queue.Name}", lines);
        Assert.Contains("The setting LocalWorker__FunctionKey is missing: routes of level Function answer 401.", lines);
        Assert.Contains(lines, line => line.StartsWith("Now listening on: http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains("StartLocked failed.", lines);
        Assert.DoesNotContain(lines, line => line.Contains(WorkerHost.MasterKey, StringComparison.Ordinal) || line.Contains("fail=1", StringComparison.Ordinal));
    }

    [Fact]
    public void Builds_only_once()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        using var host = builder.Build();
        Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Throws<InvalidOperationException>(() => builder.UseMiddleware((_, next) => next()));
    }

    [Fact]
    public void Takes_settings_and_the_environment_from_the_command_line()
    {
        var builder = FunctionsApplication.CreateBuilder(["--environment=Development", "--LocalWorker:Urls=http://127.0.0.1:1"]);
        Assert.True(builder.Environment.IsDevelopment());
        Assert.Equal("http://127.0.0.1:1", builder.Configuration["LocalWorker:Urls"]);
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    public static class Functions
    {
        [Function("StartQueue")]
        public static void Queue([QueueTrigger("%StartQueueName%")] string message) => throw new NotSupportedException(message);

        [Function("StartRouteA")]
        public static string A([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "start/{id}")] HttpRequestData request) => request.Method;

        [Function("StartRouteB")]
        public static string B([HttpTrigger(AuthorizationLevel.Anonymous, "POST", Route = "/Start/{other}")] HttpRequestData request) => request.Method;

        [Function("StartLocked")]
        public static void Locked([HttpTrigger(AuthorizationLevel.Function)] HttpRequestData request) => throw new NotSupportedException();

        [Function("StartTwin")]
        public static void Twin([HttpTrigger] HttpRequestData request) => throw new NotSupportedException();

        [Function("startTwin")]
        public static void OtherTwin([HttpTrigger] HttpRequestData request) => throw new NotSupportedException();

        [Function("StartNoTrigger")]
        public static void NoTrigger(HttpRequestData request) => throw new NotSupportedException();

        [Function("StartTwoTriggers")]
        public static void TwoTriggers([HttpTrigger] HttpRequestData request, [QueueTrigger("queue")] string message) => throw new NotSupportedException();

        [Function("StartStringRequest")]
        public static void StringRequest([HttpTrigger] string request) => throw new NotSupportedException();

        [Function("StartStranger")]
        public static void Stranger([HttpTrigger] HttpRequestData request, string stranger) => throw new NotSupportedException(stranger);

        [Function("StartBadRoute")]
        public static void BadRoute([HttpTrigger(Route = "{id")] HttpRequestData request) => throw new NotSupportedException();

        [Function("StartBadConstraint")]
        public static void BadConstraint([HttpTrigger(Route = "{id:colour}")] HttpRequestData request) => throw new NotSupportedException();
    }
}
