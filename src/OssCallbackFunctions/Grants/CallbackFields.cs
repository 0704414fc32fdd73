using System.Globalization;
using System.Net;
using System.Text.Json;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// What OSS knows of an upload and HeadObject does not tell. In the body each is a list of its own, <c>"clientIp":[${clientIp}]</c>, since it is not settled what OSS writes for a value
/// that is missing: nothing at all leaves an empty list, and the body stays JSON.
/// </summary>
internal static class CallbackFields
{
    public const string ClientIp = "clientIp";
    public const string ImageHeight = "imageInfo.height";
    public const string ImageWidth = "imageInfo.width";
    public const string ImageFormat = "imageInfo.format";
    public const string ContentMd5 = "contentMd5";
    public const string VpcId = "vpcId";

    public static readonly string[] All = [ClientIp, ImageHeight, ImageWidth, ImageFormat, ContentMd5, VpcId];

    private const int MaxName = 64;
    private const int MaxAddress = 45;
    private const int Md5Bytes = 16;

    /// <summary>The members of the body's template.</summary>
    public static string Template(IEnumerable<string> fields) => string.Concat(fields.Select(field => $",\"{field}\":[${{{field}}}]"));

    /// <summary>Reads what a profile asks for; what is missing or is not of its kind is left out. Null when nothing is left.</summary>
    public static CallbackClaims? Read(IReadOnlyDictionary<string, JsonElement>? body, IReadOnlyList<string> fields)
    {
        JsonElement? Find(string field) =>
            fields.Contains(field, StringComparer.Ordinal) && body is not null && body.TryGetValue(field, out var list)
            && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 1 ? list[0] : null;

        string? Text(string field, Func<string, bool> isValid) =>
            Find(field) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text && isValid(text) ? text : null;

        // Bare, or in quotes.
        int? Number(string field) => int.TryParse(Find(field)?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        var image = new ImageClaims(Number(ImageHeight), Number(ImageWidth), Text(ImageFormat, IsName));
        var claims = new CallbackClaims(
            Text(ClientIp, text => text.Length <= MaxAddress && IPAddress.TryParse(text, out _)), image == new ImageClaims(null, null, null) ? null : image,
            Text(ContentMd5, text => OssEncoding.TryDecodeBase64(text, out var bytes) && bytes.Length == Md5Bytes), Text(VpcId, IsName));
        return claims == new CallbackClaims(null, null, null, null) ? null : claims;
    }

    private static bool IsName(string text) => text.Length <= MaxName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

/// <summary>What the body of a callback says beside the object itself. Nothing proves it: whoever has the callback's URL can have OSS sign another body.</summary>
/// <param name="ClientIp">Address that the upload came from.</param>
/// <param name="ImageInfo">What the object is as an image.</param>
/// <param name="ContentMd5">Base64 of the upload's MD5.</param>
/// <param name="VpcId">Id of the VPC that the upload came through.</param>
public sealed record CallbackClaims(string? ClientIp, ImageClaims? ImageInfo, string? ContentMd5, string? VpcId);

/// <summary>What an object is as an image, as the body of a callback says.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Format">Such as <c>png</c>.</param>
public sealed record ImageClaims(int? Height, int? Width, string? Format);
