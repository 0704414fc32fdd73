using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Http;

namespace OssCallbackFunctions;

/// <summary>The W3C trace context that ties a credential, its callback and the event together: <c>00-trace-span-flags</c>.</summary>
internal static class TraceParent
{
    /// <summary>Name of the header, of the member of the callback's body, and of the attribute of the event.</summary>
    public const string Name = "traceparent";

    private const int Length = 55;

    /// <summary>The text, if it is a trace context of version 00; null otherwise.</summary>
    public static string? Valid(string? text) =>
        text is { Length: Length } && text.StartsWith("00-", StringComparison.Ordinal) && ActivityContext.TryParse(text, null, out _) ? text : null;

    /// <summary>One of a trace that begins here; marked as sampled, so that what follows its parent's mark is recorded.</summary>
    public static string New() => $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    /// <summary>The one that a request came with, or a new one when it came with none that is valid.</summary>
    public static string OfOrNew(HttpRequestData request) => Of(request) ?? New();

    /// <summary>Id of the trace that a request belongs to, 32 hex digits; null: it came with none, and nobody listens.</summary>
    public static string? TraceOf(HttpRequestData request) => ActivityContext.TryParse(AppTrace.Current ?? Of(request), null, out var context) ? context.TraceId.ToHexString() : null;

    private static string? Of(HttpRequestData request) => request.Headers.TryGetValues(Name, out var values) && values.ToArray() is [var only] ? Valid(only) : null;
}
