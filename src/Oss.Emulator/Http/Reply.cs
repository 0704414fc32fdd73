using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>Writes whole replies, each with its length.</summary>
internal static class Reply
{
    private const string Xml = "application/xml";

    // More than this is not waited for after a refusal: the connection is closed instead of drained.
    private const long MaxDrained = 1024 * 1024;

    public static Task EmptyAsync(OssCall call, int status)
    {
        call.Response.StatusCode = status;
        if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
        {
            call.Response.ContentLength = 0;
        }

        return call.Response.StartAsync();
    }

    public static Task XmlAsync(OssCall call, XElement root) => XmlAsync(call, StatusCodes.Status200OK, OssXml.Write(root));

    public static Task XmlAsync(OssCall call, int status, string xml) => BytesAsync(call, status, Encoding.UTF8.GetBytes(xml), Xml);

    public static async Task BytesAsync(OssCall call, int status, ReadOnlyMemory<byte> body, string contentType)
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = contentType;
        call.Response.ContentLength = body.Length;
        await call.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    /// <summary>A refusal: XML, or for HEAD the same in a header. It does not wait for a body that nobody will read.</summary>
    public static Task ErrorAsync(OssCall call, OssError error)
    {
        call.ErrorCode = error.Code;
        if (error.Ec is not null)
        {
            call.Response.Headers["x-oss-ec"] = error.Ec;
        }

        if (Unread(call) > MaxDrained)
        {
            call.Response.Headers.Connection = "close";
        }

        var xml = error.ToXml(call.RequestId, call.Request.Host.Value ?? "");
        if (!HttpMethods.IsHead(call.Request.Method))
        {
            return XmlAsync(call, error.HttpStatus, xml);
        }

        call.Response.Headers["x-oss-err"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));
        return EmptyAsync(call, error.HttpStatus);
    }

    private static long Unread(OssCall call) =>
        call.Request.ContentLength is { } length ? length - call.BytesReceived
        : call.Request.Headers.TransferEncoding.Count > 0 ? long.MaxValue
        : 0;
}
