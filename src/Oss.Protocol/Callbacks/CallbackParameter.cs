using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Oss.Protocol;

/// <summary>How OSS writes the body of a callback.</summary>
public enum CallbackBodyType
{
    /// <summary><c>application/x-www-form-urlencoded</c>: values of variables are percent-encoded.</summary>
    Form,

    /// <summary><c>application/json</c>: strings are inserted with their quotes, numbers bare, so the template has no quotes round <c>${...}</c>.</summary>
    Json,
}

/// <summary>
/// The callback that goes out with an upload: whom OSS calls when the object is stored, and with what. Source: OSS documentation, "Callback".
/// </summary>
public sealed record CallbackParameter
{
    private const int StackBytes = 2048;

    /// <summary>One to five URLs, percent-encoded, tried in order until one answers 200. No scheme means http; no IPv6.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Host header of the call; null: that of the URL.</summary>
    public string? Host { get; init; }

    /// <summary>Template of the body, with variables such as <c>${bucket}</c> and <c>${x:name}</c>.</summary>
    public required string Body { get; init; }

    /// <summary>How the template is filled in.</summary>
    public CallbackBodyType BodyType { get; init; }

    /// <summary>Whether OSS sends the server's name in TLS: nearly every https host needs it.</summary>
    public bool Sni { get; init; }

    /// <summary>Further headers of the call, at most ten; names of a-z, 0-9 and hyphen that do not begin with <c>x-oss-</c>. Source: EC pages 0007-00000021 to 0007-00000026.</summary>
    public IReadOnlyDictionary<string, string> AdditionalHeaders { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Custom variables; names begin with <c>x:</c> and are lower case. Only those that the body mentions are sent.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Value of <c>x-oss-callback</c>, of the query parameter <c>callback</c> and of the form field <c>callback</c>.</summary>
    public string ToBase64()
    {
        var json = new Utf8Buffer(stackalloc byte[StackBytes]);
        json.Append("{\"callbackUrl\":"u8);
        json.AppendJson(Urls.Count == 1 ? Urls[0] : string.Join(';', Urls));
        if (Host is not null)
        {
            json.Append(",\"callbackHost\":"u8);
            json.AppendJson(Host);
        }

        json.Append(",\"callbackBody\":"u8);
        json.AppendJson(Body);
        if (BodyType == CallbackBodyType.Json)
        {
            json.Append(",\"callbackBodyType\":\"application/json\""u8);
        }

        if (Sni)
        {
            json.Append(",\"callbackSNI\":true"u8);
        }

        if (AdditionalHeaders.Count > 0)
        {
            json.Append(",\"additionalHeaders\":"u8);
            WriteObject(ref json, AdditionalHeaders);
        }

        json.Append((byte)'}');
        return json.ToBase64AndDispose();
    }

    /// <summary>Value of <c>x-oss-callback-var</c> and of the query parameter <c>callback-var</c>; null when there are no variables. In a form each variable is a field of its own.</summary>
    public string? VariablesToBase64()
    {
        if (Variables.Count == 0)
        {
            return null;
        }

        var json = new Utf8Buffer(stackalloc byte[StackBytes]);
        WriteObject(ref json, Variables);
        return json.ToBase64AndDispose();
    }

    /// <summary>Reads a callback that came with a request and checks it as OSS does before it stores anything.</summary>
    /// <param name="callback">Base64 text of the callback.</param>
    /// <param name="variables">Base64 text of the variables, or null.</param>
    /// <param name="parameter">What was read.</param>
    /// <param name="error">InvalidArgument, with the EC code of what is wrong.</param>
    public static bool TryParse(string callback, string? variables, [NotNullWhen(true)] out CallbackParameter? parameter, [NotNullWhen(false)] out OssError? error) =>
        CallbackParameterReader.TryRead(callback, variables, out parameter, out error);

    private static void WriteObject(ref Utf8Buffer json, IReadOnlyDictionary<string, string> members)
    {
        var separator = (byte)'{';
        foreach (var (name, value) in members)
        {
            json.Append(separator);
            separator = (byte)',';
            json.AppendJson(name);
            json.Append((byte)':');
            json.AppendJson(value);
        }

        json.Append((byte)'}');
    }
}
