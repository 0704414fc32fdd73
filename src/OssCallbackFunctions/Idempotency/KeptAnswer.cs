using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Idempotency;

/// <summary>An answer as it is kept: JSON, compressed (a hundred URLs of parts differ in little), and sealed, since it has a credential in it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Type of the body.</param>
/// <param name="Headers">Headers beside it.</param>
/// <param name="Body">The body.</param>
internal sealed record KeptAnswer(int Status, string ContentType, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const string Purpose = "idempotent-answer";

    public static byte[] Seal(Answer answer, KeyedRequest request, SecretSeals seals)
    {
        var kept = new KeptAnswer((int)answer.Status, answer.ContentType, answer.Headers, Encoding.UTF8.GetString(answer.Body));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(gzip, kept, KeptAnswerJson.Default.KeptAnswer);
        }

        return seals.Seal(Purpose, Place(request), compressed.ToArray());
    }

    /// <summary>The answer again; null when no secret of ours opens it.</summary>
    public static Answer? Open(byte[] kept, KeyedRequest request, SecretSeals seals)
    {
        if (seals.Open(Purpose, Place(request), kept) is not { } compressed)
        {
            return null;
        }

        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var answer = JsonSerializer.Deserialize(gzip, KeptAnswerJson.Default.KeptAnswer)!;
        return new Answer((HttpStatusCode)answer.Status, Encoding.UTF8.GetBytes(answer.Body), answer.ContentType) { Headers = answer.Headers };
    }

    private static string Place(KeyedRequest request) => $"{request.Scope}/{request.Fingerprint}";
}

[JsonSerializable(typeof(KeptAnswer))]
internal sealed partial class KeptAnswerJson : JsonSerializerContext;
