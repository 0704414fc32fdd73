using System.Text;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Listing;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Pages;

/// <summary>
/// What is in the emulator, for people: buckets, the objects of one of them, open uploads, and the latest callbacks and requests with what came of them. Nothing of it can be used
/// elsewhere: no queries, no headers, no bodies.
/// </summary>
internal sealed class StatusPage(OssEmulatorOptions options, BucketIndex buckets, Recording<RecordedRequest> requests, Recording<RecordedCallback> callbacks)
{
    private const int ObjectsPerPage = 200;
    private const int Latest = 50;
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'";

    private static readonly Html Style = new("""
        <style>
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
        table { border-collapse: collapse; margin: .5em 0 1.5em } th, td { text-align: left; padding: .15em 1em .15em 0; border-bottom: 1px solid #ddd; vertical-align: top }
        td { font-variant-numeric: tabular-nums; max-width: 40em; overflow-wrap: break-word } .failed { color: #b00020 } .none { color: #666 }
        </style>
        """);

    public Task WriteAsync(HttpContext http)
    {
        // Nothing on the page runs or loads anything.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        var query = http.Request.Query;
        var page = buckets.Find(query["bucket"]) is { } bucket ? Contents(bucket, query["prefix"].ToString(), query["after"].ToString()) : Html.Of($"{Buckets()}{Uploads(buckets.All)}");
        var html = Html.Of($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>OSS emulator</title>{Style}</head><body>
            <h1><a href="{EmulatorPages.Root}/">OSS emulator</a></h1>
            <p>Region {options.Region}; path style here, virtual host style below {options.EndpointHost}. It is {Time(options.Clock.GetUtcNow())}.</p>
            {page}
            <h2>Latest callbacks</h2>
            {Callbacks() ?? None("No callback has been made.")}
            <h2>Latest requests</h2>
            {Requests() ?? None("No request has been served.")}
            </body></html>

            """);
        return EmulatorPages.WriteAsync(http, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html.Text));
    }

    private Html Buckets()
    {
        var rows = buckets.All.Select(bucket => Html.Row(
            Link(bucket.Name, bucket.Name), bucket.Record.Acl, bucket.Record.Versioning ?? "-", bucket.Record.StorageClass, Time(bucket.Record.Created),
            Number(bucket.Objects.Keys.Count), Number(bucket.Objects.Records.Sum(record => record.Size))));
        return Html.Of($"<h2>Buckets</h2>{Html.Table(["Name", "ACL", "Versioning", "Storage class", "Created", "Objects", "Bytes"], rows) ?? None("There is no bucket.")}");
    }

    private static Html Contents(Bucket bucket, string prefix, string after)
    {
        var page = KeyPage.Of(bucket.Objects, new ListParameters(prefix, "/", ObjectsPerPage, EncodesKeys: false), after);
        var rows = page.CommonPrefixes.Select(folder => (Key: folder, Row: Html.Row(Link(folder, bucket.Name, folder))))
            .Concat(page.Objects.Select(record => (record.Key, Row: Html.Row(
                record.Key, Number(record.Size), record.Type, Operations.StorageClass.Of(record), record.Headers.GetValueOrDefault("Content-Type"), record.Acl ?? "default",
                Time(record.LastModified), record.ETag, Crc64.ToText(record.Crc64)))))
            .OrderBy(row => row.Key, Comparer<string>.Create(KeyOrder.Compare))
            .Select(row => row.Row);
        var table = Html.Table(["Key", "Bytes", "Type", "Storage class", "Content-Type", "ACL", "Last modified", "ETag", "CRC64"], rows);
        return Html.Of($"""
            <h2>{bucket.Name}</h2>
            <form method="get"><input type="hidden" name="bucket" value="{bucket.Name}"><label>Prefix <input name="prefix" value="{prefix}" size="40"></label> <button>List</button></form>
            {table ?? None("No object has a key like this.")}
            {(page.IsTruncated ? Html.Of($"<p>{Link("Next", bucket.Name, prefix, page.Last)}</p>") : new Html(""))}
            {Uploads([bucket])}
            """);
    }

    private static Html Uploads(IEnumerable<Bucket> some)
    {
        var rows = some
            .SelectMany(bucket => bucket.Uploads.All.Select(upload => (Bucket: bucket.Name, upload.Record, Parts: upload.PartsOrNone())))
            .OrderByDescending(upload => upload.Record.Initiated)
            .Take(ObjectsPerPage)
            .Select(upload => Html.Row(
                upload.Bucket, upload.Record.Key, upload.Record.UploadId, Time(upload.Record.Initiated), Number(upload.Parts.Length), Number(upload.Parts.Sum(part => part.Segment.Size))));
        return Html.Of($"<h2>Uploads in progress</h2>{Html.Table(["Bucket", "Key", "Upload id", "Initiated", "Parts", "Bytes"], rows) ?? None("There is none.")}");
    }

    private Html? Callbacks() => Html.Table(
        ["Time", "Object", "URL", "Status", "Outcome", "ms", "Request id"],
        callbacks.Last(Latest).Select(callback => Html.Row(
            Time(callback.Time), $"{callback.Bucket}/{callback.Key}", callback.Url.Split('?', 2)[0], callback.Status,
            callback.Succeeded ? "succeeded" : Failed(callback.FailureMessage), Number((long)callback.Duration.TotalMilliseconds), callback.RequestId)));

    private Html? Requests() => Html.Table(
        ["Time", "Operation", "Object", "Status", "Code", "Bytes received", "Signature", "Key", "Faults", "Request id"],
        requests.Last(Latest).Select(request => Html.Row(
            Time(request.Time), request.Operation, request.Bucket is null ? "" : $"{request.Bucket}/{request.Key}", request.Status,
            request.ErrorCode is null ? "" : Failed(request.ErrorCode), Number(request.BytesReceived), request.Signature, request.AccessKeyId, string.Join(' ', request.Faults), request.RequestId)));

    private static Html Link(string text, string bucket, string? prefix = null, string? after = null)
    {
        var query = $"bucket={Uri.EscapeDataString(bucket)}&prefix={Uri.EscapeDataString(prefix ?? "")}&after={Uri.EscapeDataString(after ?? "")}";
        return Html.Of($"<a href=\"{EmulatorPages.Root}/?{query}\">{text}</a>");
    }

    private static Html None(string text) => Html.Of($"<p class=\"none\">{text}</p>");

    private static Html Failed(string? text) => Html.Of($"<span class=\"failed\">{text}</span>");

    private static Html Number(long number) => Html.Of($"{number:N0}");

    private static Html Time(DateTimeOffset time) => Html.Of($"{time.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture)}");
}
