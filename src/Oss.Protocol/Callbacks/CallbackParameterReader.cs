using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Oss.Protocol;

/// <summary>
/// Reads a callback as OSS does before it stores anything, each refusal with its EC code where OSS has published one.
/// Source: OSS documentation, "Callback", EC pages 0007-*.
/// </summary>
internal static class CallbackParameterReader
{
    private const int MaxAdditionalHeaders = 10;

    private static readonly SearchValues<char> HeaderNameCharacters = SearchValues.Create("0123456789-abcdefghijklmnopqrstuvwxyz");

    public static bool TryRead(string callback, string? variables, [NotNullWhen(true)] out CallbackParameter? parameter, [NotNullWhen(false)] out OssError? error)
    {
        parameter = null;
        error = callback.Length > OssLimits.MaxCallbackParameterLength ? Error("callback", callback, "The callback is longer than 5 KB.", "0007-00000001")
            : variables?.Length > OssLimits.MaxCallbackParameterLength ? Error("callback-var", variables, "The callback-var is longer than 5 KB.", "0007-00000101")
            : null;
        var read = error is null ? ReadCallback(callback, out error) : null;
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

        // From here on OSS shows the text that it decoded.
        var text = Encoding.UTF8.GetString(bytes);
        if (ReadObject(bytes) is not { } root)
        {
            error = Error("callback", text, "The callback configuration is not json format.", "0007-00000003");
            return null;
        }

        var urls = (Text(root, "callbackUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var bodyType = Text(root, "callbackBodyType");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        (string Message, string? Ec)? refusal = urls.Length == 0 || !urls.All(CallbackUrlSyntax.IsCallable) ? ("The callbackUrl is invalid.", "0007-00000004")
            : urls.Length > OssLimits.MaxCallbackUrls ? ("The callbackUrl has more than five URLs.", "0007-00000005")
            : HasOther(root, "callbackHost", JsonValueKind.String) ? ("The callbackHost is not a string.", "0007-00000009")
            : Text(root, "callbackHost") is { } name && !CallbackUrlSyntax.IsHost(name) ? ("The callbackHost is invalid.", null)
            : HasOther(root, "callbackBody", JsonValueKind.String) ? ("The callbackBody is not a string.", null)
            : string.IsNullOrEmpty(Text(root, "callbackBody")) ? ("The callbackBody is empty.", "0007-00000011")
            : HasOther(root, "callbackBodyType", JsonValueKind.String) ? ("The callbackBodyType is not a string.", "0007-00000012")
            : bodyType is not (null or "" or "application/json" or "application/x-www-form-urlencoded") ? ("The callbackBodyType is invalid.", null)
            : ReadAdditionalHeaders(root, headers);
        error = refusal is (var message, var ec) ? Error("callback", text, message, ec) : null;
        return error is not null ? null : new CallbackParameter
        {
            Urls = urls,
            Host = Text(root, "callbackHost") is { Length: > 0 } host ? host : null,
            Body = Text(root, "callbackBody")!,
            BodyType = bodyType == "application/json" ? CallbackBodyType.Json : CallbackBodyType.Form,
            Sni = root.TryGetValue("callbackSNI", out var sni) && sni.ValueKind == JsonValueKind.True,
            AdditionalHeaders = headers,
        };
    }

    private static (string Message, string? Ec)? ReadAdditionalHeaders(Dictionary<string, JsonElement> root, Dictionary<string, string> headers)
    {
        if (!root.TryGetValue("additionalHeaders", out var map))
        {
            return null;
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            return ("The additionalHeaders are not a map.", "0007-00000021");
        }

        foreach (var header in map.EnumerateObject())
        {
            (string, string?)? refusal = header.Name.Length == 0 ? ("A name of the additionalHeaders is empty.", "0007-00000023")
                : header.Name.AsSpan().ContainsAnyExcept(HeaderNameCharacters) ? ("A name of the additionalHeaders has characters other than 0-9, a-z and hyphen.", null)
                : header.Name.StartsWith("x-oss-", StringComparison.Ordinal) ? ("A name of the additionalHeaders begins with x-oss-.", "0007-00000026")
                : header.Value.ValueKind != JsonValueKind.String ? ("A value of the additionalHeaders is not a string.", null)
                : header.Value.GetString()!.AsSpan().ContainsAny('\r', '\n') ? ("A value of the additionalHeaders has a line break.", "0007-00000025")
                : null;
            if (refusal is not null)
            {
                return refusal;
            }

            headers[header.Name] = header.Value.GetString()!;
        }

        return headers.Count > MaxAdditionalHeaders ? ("There are more than ten additionalHeaders.", null) : null;
    }

    private static Dictionary<string, string>? ReadVariables(string? variables, out OssError? error)
    {
        error = null;
        var custom = new Dictionary<string, string>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(variables))
        {
            return custom;
        }

        if (!OssEncoding.TryDecodeBase64(variables, out var bytes))
        {
            error = Error("callback-var", variables, "The callback-var is not base64 encoded.", "0007-00000102");
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (ReadObject(bytes) is not { } root)
        {
            error = Error("callback-var", text, "The callback-var is not json format.", "0007-00000103");
            return null;
        }

        foreach (var (name, value) in root)
        {
            if (!name.StartsWith("x:", StringComparison.Ordinal) || name.Any(char.IsAsciiLetterUpper) || value.ValueKind != JsonValueKind.String)
            {
                error = Error("callback-var", text, "A callback-var must be a string whose name begins with x: and is lower case.", null);
                return null;
            }

            custom[name] = value.GetString()!;
        }

        return custom;
    }

    private static bool HasOther(Dictionary<string, JsonElement> root, string name, JsonValueKind kind) => root.TryGetValue(name, out var value) && value.ValueKind != kind;

    private static Dictionary<string, JsonElement>? ReadObject(byte[] json)
    {
        try
        {
            var root = JsonSerializer.Deserialize(json, CallbackJson.Default.DictionaryStringJsonElement);
            // Strings are transcoded when they are asked for: those that are no Unicode text have to be found here.
            return root is not null && root.Values.All(IsText) ? root : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is not null,
        JsonValueKind.Object => value.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
        _ => true,
    };

    private static string? Text(Dictionary<string, JsonElement> root, string name) =>
        root.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static OssError Error(string name, string value, string message, string? ec) =>
        new(OssErrorCode.InvalidArgument, message, ec) { Details = [new("ArgumentName", name), new("ArgumentValue", value)] };
}
