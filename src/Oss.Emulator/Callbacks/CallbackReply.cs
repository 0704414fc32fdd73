using System.Net;
using System.Text.Json;
using System.Xml;

namespace Oss.Emulator.Callbacks;

/// <summary>Whether a callback server's answer is one that OSS takes: status exactly 200, a Content-Length, at most 1 MB, JSON without a byte order mark, or XML that says so.</summary>
internal static class CallbackReply
{
    private const int MaxLength = 1024 * 1024;

    public static async Task<CallbackOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return CallbackOutcome.WrongStatus(status);
        }

        if (response.Headers.TransferEncodingChunked == true || response.Content.Headers.ContentLength is not { } length)
        {
            return CallbackOutcome.NoLength(status);
        }

        if (length > MaxLength)
        {
            return CallbackOutcome.TooLong(status);
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return IsXml(response) && IsWellFormed(body) ? CallbackOutcome.Success(body, "application/xml")
            : IsJson(body) ? CallbackOutcome.Success(body, "application/json")
            : CallbackOutcome.NotJson(status, body);
    }

    private static bool IsXml(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "application/xml", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsWellFormed(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                // Reading to the end is the check.
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
