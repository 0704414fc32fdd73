using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>
/// What the holder of a capability URL may do: upload one file whose terms are fixed, or any number of files under a profile. It travels sealed in that URL, so that nothing has to be
/// looked up; the holder can read it.
/// </summary>
/// <param name="Id">Id of the session; for one file, of its upload.</param>
/// <param name="Issued">When it was granted.</param>
/// <param name="Expires">From this time on no upload begins.</param>
/// <param name="Caller">Name of the caller who asked for it; null: one of no name.</param>
/// <param name="HasManyFiles">Whether each upload is of a file of its own, with an id and a key of its own.</param>
/// <param name="Asked">What the caller asked for; of many files, what is common to them.</param>
internal sealed record UploadSession(string Id, DateTimeOffset Issued, DateTimeOffset Expires, string? Caller, bool HasManyFiles, UploadCredentialRequest Asked)
{
    private const int Version = 1;

    // Other than ASCII as it is, since it is nobody's page: escaped it would be twice as long.
    private static readonly SessionTokenJson Short = new(new JsonSerializerOptions(SessionTokenJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [JsonPropertyOrder(-1)]
    public int V { get; init; } = Version;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Short.UploadSession);

    /// <summary>Reads what was sealed; null when it is of another version.</summary>
    public static UploadSession? Parse(byte[] bytes) => JsonSerializer.Deserialize(bytes, SessionTokenJson.Default.UploadSession) is { V: Version } session ? session : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UploadSession))]
internal sealed partial class SessionTokenJson : JsonSerializerContext;
