using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalWorker.Tests.Functions;

public sealed class FunctionPipelineTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Runs_the_middleware_in_the_order_of_registration_for_every_trigger()
    {
        var queue = azurite.NewQueue();
        await using var host = await WorkerHost.StartAsync(
            ["PipelineHttp", "PipelineQueue"],
            new() { ["AzureWebJobsStorage"] = azurite.ConnectionString, ["PipelineQueueName"] = queue.Name },
            builder =>
            {
                builder.UseMiddleware(async (context, next) =>
                {
                    context.InstanceServices.GetRequiredService<Seen>().Add($"1 in {context.FunctionDefinition.Name}");
                    await next();
                    context.InstanceServices.GetRequiredService<Seen>().Add("1 out");
                });
                builder.UseMiddleware<Second>();
                builder.UseWhen(context => context.FunctionDefinition.Name == "PipelineHttp", (context, next) =>
                {
                    context.InstanceServices.GetRequiredService<Seen>().Add("3 in");
                    return next();
                });
                builder.UseWhen<Never>(_ => false);
            });
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.GetAsync(new Uri("/api/PipelineHttp", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(["1 in PipelineHttp", "2 in", "3 in", "function", "2 out", "1 out"], await host.Seen.NextAsync(6));
        await queue.SendMessageAsync("x", TestContext.Current.CancellationToken);
        Assert.Equal(["1 in PipelineQueue", "2 in", "function", "2 out", "1 out"], await host.Seen.NextAsync(5));
    }

    [Fact]
    public async Task Lets_middleware_catch_what_the_function_throws()
    {
        await using var host = await WorkerHost.StartAsync(["PipelineThrow"], configure: builder => builder.UseMiddleware(async (_, next) =>
        {
            try
            {
                await next();
            }
            catch (FormatException)
            {
            }
        }));
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.GetAsync(new Uri("/api/PipelineThrow", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Gives_each_invocation_a_scope_of_its_own()
    {
        await using var host = await WorkerHost.StartAsync(["PipelineScope"], configure: builder => builder.Services.AddScoped<Scoped>());
        await host.Client.GetAsync(new Uri("/api/PipelineScope", UriKind.Relative), TestContext.Current.CancellationToken);
        await host.Client.GetAsync(new Uri("/api/PipelineScope", UriKind.Relative), TestContext.Current.CancellationToken);
        var scopes = (await host.Seen.NextAsync(2)).Cast<Scoped>().ToArray();
        Assert.NotSame(scopes[0], scopes[1]);
        Assert.All(scopes, scope => Assert.True(scope.IsDisposed));
    }

    [Fact]
    public async Task Describes_the_invocation_in_the_context()
    {
        await using var host = await WorkerHost.StartAsync(["PipelineContext"]);
        await host.Client.GetAsync(new Uri("/api/context/7", UriKind.Relative), TestContext.Current.CancellationToken);
        var context = Assert.IsType<FunctionContext>(await host.Seen.NextAsync(), exactMatch: false);
        Assert.True(Guid.TryParse(context.InvocationId, out _));
        Assert.NotEmpty(context.FunctionId);
        Assert.Equal("PipelineContext", context.FunctionDefinition.Name);
        Assert.Equal("LocalWorker.Tests.Functions.FunctionPipelineTests+Functions.Context", context.FunctionDefinition.EntryPoint);
        Assert.EndsWith("LocalWorker.Tests.dll", context.FunctionDefinition.PathToAssembly, StringComparison.Ordinal);
        Assert.Equal("7", context.BindingContext.BindingData["ID"]);
        Assert.Empty(context.Items);
    }

    public sealed class Second : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            context.GetLogger<Second>();
            context.InstanceServices.GetRequiredService<Seen>().Add("2 in");
            await next(context);
            context.InstanceServices.GetRequiredService<Seen>().Add("2 out");
        }
    }

    public sealed class Never : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => throw new InvalidOperationException("Its predicate is false.");
    }

    public sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    public sealed class Functions(Seen seen)
    {
        [Function("PipelineHttp")]
        public void Http([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => seen.Add("function");

        [Function("PipelineQueue")]
        public void Queue([QueueTrigger("%PipelineQueueName%")] string message) => seen.Add("function");

        [Function("PipelineThrow")]
        public static void Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => throw new FormatException();

        [Function("PipelineContext")]
        public void Context([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context/{id}")] HttpRequestData request, FunctionContext context) => seen.Add(context);
    }

    public sealed class ScopedFunctions(Seen seen, Scoped scoped)
    {
        [Function("PipelineScope")]
        public void Scope([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request, FunctionContext context)
        {
            Assert.Same(scoped, context.InstanceServices.GetService<Scoped>());
            Assert.False(scoped.IsDisposed);
            seen.Add(scoped);
        }
    }
}
