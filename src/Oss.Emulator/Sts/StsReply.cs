using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Oss.Protocol;

namespace Oss.Emulator.Sts;

/// <summary>Replies of STS: one tree, written as XML or, without its root, as JSON.</summary>
internal static class StsReply
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static XElement Success(string action, string requestId, params XElement[] content) => new(action + "Response", new XElement("RequestId", requestId), content);

    /// <summary>An element with words of the request, of which XML cannot carry all characters.</summary>
    public static XElement Element(string name, string text) => new(name, OssXml.Clean(text));

    public static XElement Error(StsException refusal, string requestId, string hostId) => new(
        "Error",
        new XElement("RequestId", requestId),
        new XElement("HostId", hostId),
        new XElement("Code", refusal.Code),
        Element("Message", refusal.Message),
        new XElement("Recommend", new XCData($"https://api.aliyun.com/troubleshoot?q={Uri.EscapeDataString(refusal.Code)}&product=Sts&requestId={requestId}")));

    public static async Task WriteAsync(HttpResponse response, int status, XElement reply, bool json, string requestId)
    {
        var bytes = json ? ToJson(reply) : Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='UTF-8'?>" + reply.ToString(SaveOptions.DisableFormatting));
        response.StatusCode = status;
        response.ContentType = json ? "application/json;charset=utf-8" : "text/xml;charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers["x-acs-request-id"] = requestId;
        await response.Body.WriteAsync(bytes, CancellationToken.None);
    }

    private static byte[] ToJson(XElement reply)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Json))
        {
            Write(writer, reply);
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, XElement parent)
    {
        writer.WriteStartObject();
        foreach (var element in parent.Elements())
        {
            writer.WritePropertyName(element.Name.LocalName);
            if (element.HasElements)
            {
                Write(writer, element);
            }
            else
            {
                writer.WriteStringValue(element.Value);
            }
        }

        writer.WriteEndObject();
    }
}
