using System.Text;
using System.Xml;
using Oss.Emulator.Operations;

namespace Oss.Emulator.Http;

/// <summary>A body that is an XML document, read into memory up to a bound.</summary>
internal static class RequestXml
{
    /// <summary>Reads it; what is no such document is refused.</summary>
    /// <param name="call">The request.</param>
    /// <param name="maxBytes">A larger body is refused.</param>
    /// <param name="parse">Reads the text, which is empty when there is no body. Its <see cref="XmlException"/> is the refusal.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<T> ReadAsync<T>(OssCall call, int maxBytes, Func<string, T> parse, CancellationToken cancellationToken)
    {
        var body = await SmallBody.ReadAsync(call, maxBytes, cancellationToken);
        try
        {
            // Takes a byte order mark for what it is.
            using var reader = new StreamReader(new MemoryStream(body), Encoding.UTF8);
            return parse(await reader.ReadToEndAsync(cancellationToken));
        }
        catch (XmlException e)
        {
            throw Refusals.MalformedXml(e.Message);
        }
    }
}
