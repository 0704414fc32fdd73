using System.Collections.Concurrent;
using LocalWorker.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace LocalWorker.Functions;

/// <summary>Runs an invocation of any trigger: a scope of its own, the middleware in the order of registration, then the function.</summary>
internal sealed class FunctionPipeline
{
    private readonly ConcurrentDictionary<Function, FunctionInvoker> _invokers = new();
    private readonly FunctionExecutionDelegate _run;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public FunctionPipeline(
        IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, IServiceScopeFactory scopes, HostJson host, TimeProvider time)
    {
        _run = ExecuteAsync;
        foreach (var layer in middleware.Reverse())
        {
            _run = layer(_run);
        }

        _scopes = scopes;
        _timeout = host.FunctionTimeout;
        _time = time;
    }

    /// <returns>What the function returned; null for none.</returns>
    public async Task<object?> InvokeAsync(Function function, ITriggerData trigger, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        await using var scope = _scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(function, trigger, scope.ServiceProvider, cancellation.Token);
        using var activity = FunctionTrace.Start(context);
        try
        {
            await _run(context);
            FunctionTrace.End(activity, context.Result);
            return context.Result;
        }
        catch (Exception e)
        {
            FunctionTrace.Fail(activity, e);
            throw;
        }
    }

    private async Task ExecuteAsync(FunctionContext context)
    {
        var local = (LocalFunctionContext)context;
        var invoker = _invokers.GetOrAdd((Function)local.FunctionDefinition, function => new FunctionInvoker(function));
        local.Result = await invoker.InvokeAsync(local);
    }
}
