using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LocalWorker.Functions;

/// <summary>Calls the method of one function: makes the instance, fills the parameters, awaits what comes back.</summary>
internal sealed class FunctionInvoker
{
    private readonly MethodInfo _method;
    private readonly ObjectFactory? _createInstance;
    private readonly Func<LocalFunctionContext, object?>[] _arguments;
    private readonly Func<object, Task> _toTask;
    private readonly PropertyInfo? _result;

    public FunctionInvoker(Function function)
    {
        _method = function.Method;
        _createInstance = _method.IsStatic ? null : ActivatorUtilities.CreateFactory(_method.DeclaringType!, []);
        _arguments = [.. _method.GetParameters().Select(parameter => Argument(function, parameter))];
        (_toTask, _result) = Awaiting(_method.ReturnType);
    }

    public async Task<object?> InvokeAsync(LocalFunctionContext context)
    {
        var instance = _createInstance?.Invoke(context.InstanceServices, []);
        var arguments = Array.ConvertAll(_arguments, argument => argument(context));
        var returned = _method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is not (Task or ValueTask) && _result is null)
        {
            return returned;
        }

        var task = _toTask(returned!);
        await task;
        return _result?.GetValue(task);
    }

    private static Func<LocalFunctionContext, object?> Argument(Function function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter == function.TriggerParameter)
        {
            return context => context.Trigger.Read(type, context);
        }

        if (type == typeof(FunctionContext))
        {
            return context => context;
        }

        if (type == typeof(CancellationToken))
        {
            return context => context.CancellationToken;
        }

        var name = parameter.Name!;
        return context => BindingValue.Convert(name, context.BindingContext.BindingData.GetValueOrDefault(name), type);
    }

    private static (Func<object, Task> ToTask, PropertyInfo? Result) Awaiting(Type type)
    {
        if (!type.IsGenericType)
        {
            return (returned => returned as Task ?? ((ValueTask)returned).AsTask(), null);
        }

        if (type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return (returned => (Task)returned, type.GetProperty(nameof(Task<>.Result)));
        }

        if (type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            var asTask = type.GetMethod(nameof(ValueTask<>.AsTask))!;
            return (returned => (Task)asTask.Invoke(returned, null)!, asTask.ReturnType.GetProperty(nameof(Task<>.Result)));
        }

        return (_ => Task.CompletedTask, null);
    }
}
