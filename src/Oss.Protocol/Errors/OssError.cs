using System.Xml;
using System.Xml.Linq;

namespace Oss.Protocol;

/// <summary>An error as OSS words it: the XML of the reply's body, or of its <c>x-oss-err</c> header where there is no body (HEAD).</summary>
public sealed record OssError
{
    /// <summary>An error with one of OSS's codes.</summary>
    public OssError(OssErrorCode code, string message, string? ec = null)
        : this(code.Code, code.HttpStatus, message, ec)
    {
    }

    private OssError(string code, int httpStatus, string message, string? ec)
    {
        Code = code;
        HttpStatus = httpStatus;
        Message = message;
        Ec = ec;
    }

    /// <summary>OSS's code, such as <c>NoSuchKey</c>.</summary>
    public string Code { get; }

    /// <summary>HTTP status of the reply.</summary>
    public int HttpStatus { get; }

    /// <summary>OSS's message.</summary>
    public string Message { get; }

    /// <summary>OSS's fine-grained code, such as <c>0002-00000040</c>; null where none is known.</summary>
    public string? Ec { get; }

    /// <summary>OSS's id of the request, 24 hex digits.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long OSS wants to be left alone (<c>x-oss-qos-delay-time</c>, or <c>Retry-After</c>), up to an hour; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further elements of the XML, in order, such as StringToSign or ArgumentName.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>Writes the error as OSS does.</summary>
    /// <param name="requestId">24 hex digits.</param>
    /// <param name="hostId">Host of the request.</param>
    public string ToXml(string requestId, string hostId)
    {
        var root = new XElement(
            "Error",
            new XElement("Code", Code),
            new XElement("Message", OssXml.Clean(Message)),
            new XElement("RequestId", requestId),
            new XElement("HostId", hostId));
        foreach (var (name, value) in Details)
        {
            root.Add(new XElement(name, OssXml.Clean(value)));
        }

        if (Ec is not null)
        {
            root.Add(new XElement("EC", Ec));
        }

        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root;
    }

    /// <summary>Reads an error; a body that is no OSS error becomes one with the code <c>Http</c> and the status.</summary>
    /// <param name="xml">Body of the reply, or the decoded <c>x-oss-err</c>.</param>
    /// <param name="httpStatus">HTTP status of the reply.</param>
    /// <param name="requestId">Value of <c>x-oss-request-id</c>, used when the XML has none.</param>
    public static OssError Parse(string? xml, int httpStatus, string? requestId)
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(xml) && OssXml.Parse(xml, "Error") is { } root && root.Element("Code")?.Value is { Length: > 0 } code)
            {
                return new OssError(code, httpStatus, root.Element("Message")?.Value ?? "", root.Element("EC")?.Value)
                {
                    RequestId = root.Element("RequestId")?.Value ?? requestId,
                    Details = [.. root.Elements()
                        .Where(element => element.Name.LocalName is not ("Code" or "Message" or "RequestId" or "HostId" or "EC"))
                        .Select(element => KeyValuePair.Create(element.Name.LocalName, element.Value))],
                };
            }
        }
        catch (XmlException)
        {
            // A proxy's page, or a reply that was cut off: the status has to do.
        }

        return new OssError($"Http{httpStatus}", httpStatus, $"HTTP status {httpStatus} without an OSS error in the reply.", null) { RequestId = requestId };
    }

    /// <summary>Code, EC, message and request id: enough to look the error up, and nothing of the request.</summary>
    public override string ToString() => $"{Code} (HTTP {HttpStatus}{(Ec is null ? "" : ", EC " + Ec)}): {Message}{(RequestId is null ? "" : $" [request {RequestId}]")}";
}
