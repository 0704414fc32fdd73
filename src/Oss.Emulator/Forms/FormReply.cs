using System.Xml.Linq;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Forms;

/// <summary>The answer to a form without callback, as its fields ask for it.</summary>
internal static class FormReply
{
    public static Task WriteAsync(OssCall call, UploadForm form, ObjectRecord record)
    {
        var location = $"{call.Request.Scheme}://{call.Request.Host}{(call.Target.RawPath.EndsWith('/') ? call.Target.RawPath : call.Target.RawPath + "/")}{OssEncoding.EncodePath(record.Key)}";
        if (RedirectTarget(form, call, record) is { } redirect)
        {
            call.Response.Headers.Location = redirect;
            return Reply.EmptyAsync(call, 303);
        }

        return form.Field("success_action_status") switch
        {
            "200" => Reply.EmptyAsync(call, 200),
            "201" => Reply.XmlAsync(call, 201, PostResponse(call, record, location)),
            _ => Reply.EmptyAsync(call, 204),
        };
    }

    private static string? RedirectTarget(UploadForm form, OssCall call, ObjectRecord record)
    {
        if (!Uri.TryCreate(form.Field("success_action_redirect"), UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        var separator = uri.Query.Length > 0 ? '&' : '?';
        return $"{uri.GetLeftPart(UriPartial.Query)}{separator}bucket={call.Bucket.Name}&key={OssEncoding.Encode(record.Key)}&etag={OssEncoding.Encode(ObjectHeaders.Quoted(record.ETag))}";
    }

    private static string PostResponse(OssCall call, ObjectRecord record, string location) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + new XElement(
            "PostResponse",
            new XElement("Bucket", call.Bucket.Name),
            new XElement("Location", location),
            new XElement("Key", record.Key),
            new XElement("ETag", ObjectHeaders.Quoted(record.ETag)));
}
