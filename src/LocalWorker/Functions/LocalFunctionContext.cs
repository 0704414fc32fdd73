using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Functions;

/// <summary>One invocation of one function.</summary>
internal sealed class LocalFunctionContext(Function function, ITriggerData trigger, IServiceProvider services, CancellationToken cancellationToken)
    : FunctionContext
{
    // Made when they are asked for.
    private string? _invocationId;
    private IDictionary<object, object>? _items;

    public override string InvocationId => _invocationId ??= Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    public override BindingContext BindingContext { get; } = new LocalBindingContext(trigger.BindingData);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => function;

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public override CancellationToken CancellationToken => cancellationToken;

    public ITriggerData Trigger => trigger;

    /// <summary>What the function returned; null for none.</summary>
    public object? Result { get; set; }

    private sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> bindingData) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => bindingData;
    }
}
