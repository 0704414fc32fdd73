using System.Collections.ObjectModel;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OssCallbackFunctions.Replies;

/// <summary>An answer as a value: what is written to one caller can be kept, and written to another.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body, JSON in UTF-8.</param>
/// <param name="ContentType">Its type.</param>
internal sealed record Answer(HttpStatusCode Status, byte[] Body, string ContentType = "application/json")
{
    /// <summary>Headers beside those that all answers have.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether what was asked for was done.</summary>
    public bool IsGood => (int)Status is >= 200 and < 300;

    /// <summary>An answer of JSON.</summary>
    public static Answer Json<T>(HttpStatusCode status, T value, JsonTypeInfo<T> type) => new(status, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>The value as JSON, or the problem that there is none.</summary>
    public static Answer Of<T>(Outcome<T> outcome, HttpStatusCode status, JsonTypeInfo<T> type)
        where T : class => outcome.Problem is { } problem ? ProblemReply.AnswerOf(problem) : Json(status, outcome.Value!, type);

    /// <summary>The same with another header.</summary>
    public Answer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}
