namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the worker tells the host that it can do. Here there is no host to be told.</summary>
public class WorkerOptions
{
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>();
}
