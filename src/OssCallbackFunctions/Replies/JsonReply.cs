using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Replies;

/// <summary>JSON in and out.</summary>
internal static class JsonReply
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Replies with JSON.</summary>
    public static Task<HttpResponseData> JsonAsync<T>(
        this HttpRequestData request, HttpStatusCode status, T value, JsonTypeInfo<T> type, string contentType = "application/json") =>
        request.JsonAsync(status, JsonSerializer.SerializeToUtf8Bytes(value, type), contentType);

    /// <summary>Replies with JSON of known length: the host would send it chunked otherwise, and OSS takes no chunked answer to a callback.</summary>
    public static async Task<HttpResponseData> JsonAsync(this HttpRequestData request, HttpStatusCode status, byte[] body, string contentType = "application/json")
    {
        var response = request.CreateResponse(status);
        // Add would take each value to pieces, and put it together again when it is sent.
        response.Headers.TryAddWithoutValidation("Content-Type", contentType);
        response.Headers.TryAddWithoutValidation("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
        response.Headers.TryAddWithoutValidation("Cache-Control", "no-store");
        request.FunctionContext.InstanceServices.GetService<Cors>()?.Allow(request, response);
        await response.Body.WriteAsync(body);
        return response;
    }

    /// <summary>Writes an answer.</summary>
    public static async Task<HttpResponseData> ReplyAsync(this HttpRequestData request, Answer answer)
    {
        var response = await request.JsonAsync(answer.Status, answer.Body, answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Add(name, value);
        }

        return response;
    }

    /// <summary>Reads a JSON body of at most 64 KiB, or of as many bytes as are named; <paramref name="whenEmpty"/> stands for an empty one where it may be.</summary>
    public static async Task<Outcome<T>> ReadJsonAsync<T>(
        this HttpRequestData request, JsonTypeInfo<T> type, CancellationToken cancellationToken, int maxBytes = MaxBodyBytes, T? whenEmpty = null)
        where T : class
    {
        if (await request.ReadBytesAsync(cancellationToken, maxBytes) is not { } body)
        {
            return TooLarge(maxBytes);
        }

        if (body.Length == 0 && whenEmpty is not null)
        {
            return whenEmpty;
        }

        try
        {
            return StrictJson.Deserialize(body, type) is { } value ? value : Problem.InvalidJson.With("The body is null.");
        }
        catch (JsonException e)
        {
            return Problem.InvalidJson.With(Where(e));
        }
    }

    /// <summary>Why a body is not read.</summary>
    public static Problem TooLarge(int maxBytes = MaxBodyBytes) => Problem.BodyTooLarge.With($"At most {maxBytes} bytes are read.");

    /// <summary>Where JSON cannot be read: the exception's own text speaks of our types.</summary>
    public static string Where(JsonException exception) =>
        $"It cannot be read at {exception.Path ?? "$"} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}): no JSON, a wrong type, a member that is not known or is there twice, or text that is no Unicode.";

    /// <summary>The raw body; null when it is larger than 64 KiB, or than named.</summary>
    public static async Task<byte[]?> ReadBytesAsync(this HttpRequestData request, CancellationToken cancellationToken, int maxBytes = MaxBodyBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer, maxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > maxBytes ? null : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
