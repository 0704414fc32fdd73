using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

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
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    /// <summary>Custom variables; names begin with <c>x:</c> and are lower case. Only those that the body mentions are sent.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Value of <c>x-oss-callback</c>, of the query parameter <c>callback</c> and of the form field <c>callback</c>.</summary>
    public string ToBase64()
    {
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("callbackUrl", Urls.Count == 1 ? Urls[0] : string.Join(';', Urls));
            if (Host is not null)
            {
                writer.WriteString("callbackHost", Host);
            }

            writer.WriteString("callbackBody", Body);
            if (BodyType == CallbackBodyType.Json)
            {
                writer.WriteString("callbackBodyType", "application/json");
            }

            if (Sni)
            {
                writer.WriteBoolean("callbackSNI", true);
            }

            writer.WriteEndObject();
        }

        return Convert.ToBase64String(json.WrittenSpan);
    }

    /// <summary>Value of <c>x-oss-callback-var</c> and of the query parameter <c>callback-var</c>; null when there are no variables. In a form each variable is a field of its own.</summary>
    public string? VariablesToBase64()
    {
        if (Variables.Count == 0)
        {
            return null;
        }

        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Variables)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Convert.ToBase64String(json.WrittenSpan);
    }

    /// <summary>Reads a callback that came with a request and checks it as OSS does before it stores anything.</summary>
    /// <param name="callback">Base64 text of the callback.</param>
    /// <param name="variables">Base64 text of the variables, or null.</param>
    /// <param name="parameter">What was read.</param>
    /// <param name="error">InvalidArgument, with the EC code of what is wrong.</param>
    public static bool TryParse(string callback, string? variables, [NotNullWhen(true)] out CallbackParameter? parameter, [NotNullWhen(false)] out OssError? error)
    {
        parameter = null;
        error = callback.Length > OssLimits.MaxCallbackParameterLength ? Error("callback", callback, "The callback is longer than 5 KB.", null)
            : variables?.Length > OssLimits.MaxCallbackParameterLength ? Error("callback-var", variables, "The callback-var is longer than 5 KB.", null)
            : null;
        if (error is not null)
        {
            return false;
        }

        var read = ReadCallback(callback, out error);
        var custom = error is null ? ReadVariables(variables, out error) : null;
        if (error is not null)
        {
            return false;
        }

        parameter = read! with { Variables = custom! };
        return true;
    }

    private static CallbackParameter? ReadCallback(string callback, out OssError? error)
    {
        if (!OssEncoding.TryDecodeBase64(callback, out var bytes))
        {
            error = Error("callback", callback, "The callback configuration is not base64 encoded.", "0007-00000002");
            return null;
        }

        if (ReadObject(bytes) is not { } root)
        {
            error = Error("callback", callback, "The callback configuration is not json format.", "0007-00000003");
            return null;
        }

        var urls = (Text(root, "callbackUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var bodyType = Text(root, "callbackBodyType");
        error = urls.Length == 0 || !urls.All(IsCallable) ? Error("callback", callback, "The callbackUrl is invalid.", "0007-00000004")
            : urls.Length > OssLimits.MaxCallbackUrls ? Error("callback", callback, "The callbackUrl has more than five URLs.", "0007-00000005")
            : string.IsNullOrEmpty(Text(root, "callbackBody")) ? Error("callback", callback, "The callbackBody is empty.", "0007-00000011")
            : bodyType is not (null or "" or "application/json" or "application/x-www-form-urlencoded") ? Error("callback", callback, "The callbackBodyType is invalid.", null)
            : null;
        return error is not null ? null : new CallbackParameter
        {
            Urls = urls,
            Host = Text(root, "callbackHost") is { Length: > 0 } host ? host : null,
            Body = Text(root, "callbackBody")!,
            BodyType = bodyType == "application/json" ? CallbackBodyType.Json : CallbackBodyType.Form,
            Sni = root.TryGetValue("callbackSNI", out var sni) && sni.ValueKind == JsonValueKind.True,
        };
    }

    private static Dictionary<string, string>? ReadVariables(string? variables, out OssError? error)
    {
        error = null;
        var custom = new Dictionary<string, string>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(variables))
        {
            return custom;
        }

        if (!OssEncoding.TryDecodeBase64(variables, out var bytes) || ReadObject(bytes) is not { } root)
        {
            error = Error("callback-var", variables, "The callback-var is not json format.", "0007-00000103");
            return null;
        }

        foreach (var (name, value) in root)
        {
            if (!name.StartsWith("x:", StringComparison.Ordinal) || name.Any(char.IsAsciiLetterUpper) || value.ValueKind != JsonValueKind.String)
            {
                error = Error("callback-var", variables, "A callback-var must be a string whose name begins with x: and is lower case.", null);
                return null;
            }

            custom[name] = value.GetString()!;
        }

        return custom;
    }

    private static bool IsCallable(string url)
    {
        var absolute = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        return Uri.TryCreate(absolute, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length > 0 && uri.HostNameType != UriHostNameType.IPv6 && uri.Port > 0 && !url.Any(char.IsWhiteSpace);
    }

    private static Dictionary<string, JsonElement>? ReadObject(byte[] json)
    {
        try
        {
            var root = JsonSerializer.Deserialize(json, CallbackJson.Default.DictionaryStringJsonElement);
            // Strings are transcoded when they are asked for: those that are no Unicode text have to be found here.
            return root is not null && root.Values.All(value => value.ValueKind != JsonValueKind.String || value.GetString() is not null) ? root : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(Dictionary<string, JsonElement> root, string name) =>
        root.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static OssError Error(string name, string value, string message, string? ec) =>
        new(OssErrorCode.InvalidArgument, message, ec) { Details = [new("ArgumentName", name), new("ArgumentValue", value)] };
}
