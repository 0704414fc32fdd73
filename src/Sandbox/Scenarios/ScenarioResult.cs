namespace Sandbox.Scenarios;

/// <summary>How an upload went.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Size">Bytes of the source.</param>
/// <param name="Elapsed">Time from the first request to the last answer.</param>
/// <param name="CallbackSaid">What the callback's answer told the uploader.</param>
/// <param name="Failure">What is not as it must be; null when the callback was verified and the object is the source.</param>
internal sealed record ScenarioResult(string Name, long Size, TimeSpan Elapsed, string CallbackSaid, string? Failure)
{
    public bool IsVerified => Failure is null;
}
