using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace Oss.Emulator.Callbacks;

/// <summary>Whether a callback server's answer is one that OSS takes: status exactly 200, a Content-Length, at most 1 MB, JSON without a byte order mark, or XML that says so.</summary>
internal static class CallbackReply
{
    private const int MaxLength = 1024 * 1024;

    public static async Task<CallbackOutcome> JudgeAsync(CallbackAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Status != 200)
        {
            return CallbackOutcome.WrongStatus(answer.Status);
        }

        var lengths = answer.ContentLengths;
        if (answer.HasTransferEncoding || lengths.Count == 0)
        {
            return CallbackOutcome.NoLength(answer.Status);
        }

        if (lengths.Count > 1 || !long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return CallbackOutcome.InvalidLength(answer.Status);
        }

        if (length > MaxLength)
        {
            return CallbackOutcome.TooLong(answer.Status);
        }

        var body = await answer.ReadBodyAsync((int)length, cancellationToken);
        return body.Length < length ? CallbackOutcome.NoConnection() with { Status = answer.Status, Reply = body }
            : IsXml(answer) && IsWellFormed(body) ? CallbackOutcome.Success(body, "application/xml")
            : IsJson(body) ? CallbackOutcome.Success(body, "application/json")
            : CallbackOutcome.NotJson(answer.Status, body);
    }

    private static bool IsXml(CallbackAnswer answer) => answer.MediaType.Equals("application/xml", StringComparison.OrdinalIgnoreCase);

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
