using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Cors;

/// <summary>OPTIONS, by which a browser asks before it sends a request: answered without a signature, since browsers add none.</summary>
internal static class Preflight
{
    public const string Name = "OptionObject";

    public static Task AnswerAsync(OssCall call, IReadOnlyList<RequestTarget> candidates, BucketIndex buckets)
    {
        call.Operation = Name;
        call.Target = candidates.FirstOrDefault(target => buckets.Find(target.Bucket) is not null) ?? candidates[0];
        call.Key = call.Target.Key;
        var cors = call.Target.Bucket is not { } name ? null : buckets.Find(name) is { } bucket ? bucket.Record.Cors : throw Refusals.NoSuchBucket(name);
        var origin = Required(call, "Origin", "Insufficient information. Origin request header needed.");
        var method = Required(call, "Access-Control-Request-Method", "Insufficient information. Request Access-Control-Request-Method header needed.");
        var headers = call.Header("Access-Control-Request-Headers");
        if (cors is null)
        {
            throw Refusals.CorsNotEnabled();
        }

        var names = (headers ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var rule = cors.Find(origin, method, names) ?? throw Refusals.CorsNotAllowed();
        CorsHeaders.Write(call.Response.Headers, rule, origin);
        if (names.Length > 0)
        {
            call.Response.Headers.AccessControlAllowHeaders = headers;
        }

        return Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }

    private static string Required(OssCall call, string header, string otherwise) => call.Header(header) is { Length: > 0 } value ? value : throw Refusals.BadRequest(otherwise);
}
