using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Benchmarks.Bulk;

/// <summary>
/// Azure Tables as far as the app asks for it, with rows in memory. For jobs of so many lines that Azurite, which searches all rows of a partition for each that is written, would not come to
/// an end. It checks no signature.
/// </summary>
internal sealed partial class TableService
{
    private const int MostRows = 1000;
    private const string Last = "\uFFFF";

    private readonly TableRows _rows = new();

    /// <summary>A connection string with a service in the place of its tables.</summary>
    public static string In(string connectionString, Uri service) => TableEndpoint().Replace(connectionString, $"TableEndpoint={service}devstoreaccount1");

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var path = http.Request.Path.Value!;
        if (path.EndsWith("/$batch", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 202;
            http.Response.ContentType = "multipart/mixed; boundary=batchresponse_1";
            await http.Response.WriteAsync(Batch(body));
        }
        else if (path.EndsWith("/Tables", StringComparison.Ordinal))
        {
            // Made the first time that one asks for it.
            http.Response.StatusCode = 204;
        }
        else if (http.Request.Method == "GET" && Entity().Match(path) is not { Success: true })
        {
            await ListAsync(http);
        }
        else
        {
            await OneAsync(http, body);
        }
    }

    private async Task OneAsync(HttpContext http, string body)
    {
        var (table, change) = Read(http.Request.Method, http.Request.Path.Value!, (string?)http.Request.Headers.IfMatch, body);
        if (http.Request.Method == "GET")
        {
            var found = _rows.Find(table, change.Partition, change.Row);
            http.Response.StatusCode = found is null ? 404 : 200;
            http.Response.ContentType = "application/json;odata=minimalmetadata";
            await http.Response.WriteAsync((found ?? Error("ResourceNotFound", "")).ToJsonString());
            return;
        }

        var (done, _) = _rows.Change(table, change.Partition, [(change.Method, change.Row, change.IfMatch, change.Content)]);
        http.Response.StatusCode = done[0].Status;
        if (done[0].Code is { } code)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Error(code, "").ToJsonString());
        }
        else if (done[0].ETag is { } etag)
        {
            http.Response.Headers.ETag = etag;
        }
    }

    private async Task ListAsync(HttpContext http)
    {
        var filter = (string?)http.Request.Query["$filter"] ?? "";
        var table = http.Request.Path.Value!.Split('/')[^1].TrimEnd('(', ')');
        var (partition, from, to, isWanted) = ("", (string?)http.Request.Query["NextRowKey"] ?? "", Last, (Func<string, bool>)(_ => true));
        foreach (Match term in Term().Matches(filter))
        {
            var (name, comparison, value) = (term.Groups[1].Value, term.Groups[2].Value, term.Groups[3].Value.Replace("''", "'", StringComparison.Ordinal));
            var before = isWanted;
            (partition, from, to, isWanted) = (name, comparison) switch
            {
                ("PartitionKey", "eq") => (value, from, to, isWanted),
                ("RowKey", "ge") => (partition, Later(from, value), to, isWanted),
                ("RowKey", "gt") => (partition, Later(from, value), to, row => before(row) && row != value),
                ("RowKey", "lt") => (partition, from, value, row => before(row) && row != value),
                ("RowKey", "ne") => (partition, from, to, row => before(row) && row != value),
                _ => throw new NotSupportedException(filter),
            };
        }

        var count = int.TryParse((string?)http.Request.Query["$top"], out var top) ? Math.Min(top, MostRows) : MostRows;
        var (rows, next) = _rows.List(table, partition, from, to, isWanted, count);
        if (next is not null)
        {
            http.Response.Headers["x-ms-continuation-NextPartitionKey"] = partition;
            http.Response.Headers["x-ms-continuation-NextRowKey"] = next;
        }

        http.Response.ContentType = "application/json;odata=minimalmetadata";
        await http.Response.WriteAsync(new JsonObject { ["value"] = new JsonArray([.. rows]) }.ToJsonString());
    }

    private static string Later(string one, string other) => string.CompareOrdinal(one, other) > 0 ? one : other;

    private string Batch(string body)
    {
        var changes = Part().Matches(body).Select(part => Read(part.Groups["method"].Value, new Uri(part.Groups["url"].Value).AbsolutePath, IfMatchOf(part.Groups["headers"].Value), part.Groups["body"].Value)).ToList();
        var (done, failed) = _rows.Change(changes[0].Table, changes[0].Change.Partition, [.. changes.Select(one => (one.Change.Method, one.Change.Row, one.Change.IfMatch, one.Change.Content))]);
        var reply = new StringBuilder("--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n");
        foreach (var one in done)
        {
            var json = one.Code is null ? "" : Error(one.Code, string.Create(CultureInfo.InvariantCulture, $"{failed}:")).ToJsonString();
            reply.Append("--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n")
                .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {one.Status} {(json.Length == 0 ? "No Content" : "Refused")}\r\nDataServiceVersion: 3.0;\r\n")
                .Append(one.ETag is null ? "" : $"ETag: {one.ETag}\r\n").Append(json.Length == 0 ? "" : "Content-Type: application/json;odata=minimalmetadata\r\n").Append("\r\n").Append(json).Append("\r\n");
        }

        return reply.Append("--changesetresponse_1--\r\n--batchresponse_1--\r\n").ToString();
    }

    private static (string Table, (string Method, string Partition, string Row, string? IfMatch, JsonObject? Content) Change) Read(string method, string path, string? ifMatch, string body)
    {
        var content = body.Length > 0 ? JsonNode.Parse(body)!.AsObject() : null;
        return Entity().Match(Uri.UnescapeDataString(path)) is { Success: true } named
            ? (named.Groups[1].Value, (method, named.Groups[2].Value, named.Groups[3].Value, ifMatch, content))
            : (path.Split('/')[^1].TrimEnd('(', ')'), (method, (string)content!["PartitionKey"]!, (string)content["RowKey"]!, ifMatch, content));
    }

    private static string? IfMatchOf(string headers) => IfMatch().Match(headers) is { Success: true } found ? found.Groups[1].Value : null;

    private static JsonObject Error(string code, string place) =>
        new() { ["odata.error"] = new JsonObject { ["code"] = code, ["message"] = new JsonObject { ["lang"] = "en-US", ["value"] = $"{place}{code}." } } };

    [GeneratedRegex("TableEndpoint=[^;]+")]
    private static partial Regex TableEndpoint();

    [GeneratedRegex(@"/([^/]+)\(PartitionKey='([^']*)',\s*RowKey='([^']*)'\)$")]
    private static partial Regex Entity();

    [GeneratedRegex("(PartitionKey|RowKey) (eq|ge|gt|lt|ne) '((?:[^']|'')*)'")]
    private static partial Regex Term();

    [GeneratedRegex(@"(?<method>POST|PUT|MERGE|PATCH|DELETE) (?<url>\S+) HTTP/1\.1\r\n(?<headers>(?:[^\r\n]+\r\n)*)\r\n(?<body>\{[^\r\n]*)?")]
    private static partial Regex Part();

    [GeneratedRegex(@"^If-Match: ([^\r\n]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex IfMatch();
}
