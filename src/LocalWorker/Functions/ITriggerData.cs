using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Functions;

/// <summary>What set a function off: an HTTP request or a queue message.</summary>
internal interface ITriggerData
{
    /// <summary>Route values, or what is known about the message. Names are not case-sensitive.</summary>
    IReadOnlyDictionary<string, object?> BindingData { get; }

    /// <summary>What kind of work it is, for traces.</summary>
    ActivityKind Kind { get; }

    /// <summary>Trace context that it came with; null: none.</summary>
    string? TraceParent { get; }

    /// <summary>The value of the trigger parameter.</summary>
    /// <exception cref="Exception">The data cannot be read as <paramref name="type"/>: the invocation has failed.</exception>
    object? Read(Type type, FunctionContext context);
}
