using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlibabaSide;

/// <summary>A statement of a policy of RAM.</summary>
/// <param name="Actions">Such as <c>oss:PutObject</c>.</param>
/// <param name="Resources">What they are allowed on; null in a trust policy.</param>
internal sealed record Statement(IReadOnlyList<string> Actions, IReadOnlyList<string>? Resources)
{
    public bool IsDenied { get; init; }

    /// <summary>Who is trusted, by kind: <c>RAM</c> or <c>Federated</c>.</summary>
    public (string Kind, string Arn)? Principal { get; init; }

    /// <summary>What must be equal, by condition key.</summary>
    public IReadOnlyDictionary<string, string> Equal { get; init; } = new Dictionary<string, string>();
}

/// <summary>Policies as RAM takes them. Source: RAM documentation, "Policy structure and syntax".</summary>
internal static class PolicyText
{
    /// <summary>Characters of the longest policy that RAM keeps.</summary>
    public const int MaxLength = 6144;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a policy.</summary>
    /// <exception cref="InvalidOperationException">RAM would find it too long.</exception>
    public static string Of(params IEnumerable<Statement> statements)
    {
        var policy = new JsonObject { ["Version"] = "1", ["Statement"] = new JsonArray([.. statements.Select(Json)]) };
        var text = policy.ToJsonString(Indented);
        return text.Length <= MaxLength
            ? text
            : throw new InvalidOperationException($"The policy has {text.Length} characters, and RAM keeps {MaxLength}: let the key templates of more profiles begin with the same folder, or be the same.");
    }

    private static JsonNode Json(Statement statement)
    {
        var json = new JsonObject { ["Effect"] = statement.IsDenied ? "Deny" : "Allow" };
        if (statement.Principal is var (kind, arn))
        {
            json["Principal"] = new JsonObject { [kind] = List([arn]) };
        }

        json["Action"] = List(statement.Actions);
        if (statement.Resources is { } resources)
        {
            json["Resource"] = List(resources);
        }

        if (statement.Equal.Count > 0)
        {
            json["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject(statement.Equal.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, List([one.Value])))) };
        }

        return json;
    }

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
