using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>GetObject, and HeadObject, which is the same without the bytes.</summary>
internal sealed class GetObject(string name, TimeProvider clock) : IOperation
{
    private const string Override = "response-";

    // What a GET may ask to be told instead of what is stored.
    private static readonly string[] Overridable = ["content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding"];

    public string Name => name;

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        using var stored = CurrentObject.Hold(call);
        var record = stored.Record;
        var notModified = Preconditions.IsNotModified(call, record, clock.GetUtcNow());
        if (!HttpMethods.IsHead(call.Request.Method))
        {
            StorageClass.RequireReadable(record);
        }

        var range = Range(call, record);
        ObjectHeaders.Write(call, record);
        if (notModified)
        {
            call.Response.Headers.Remove("Content-Type");
            await Reply.EmptyAsync(call, StatusCodes.Status304NotModified);
            return;
        }

        ApplyOverrides(call);
        var (offset, length) = range is { } part ? (part.Offset, part.Length) : (0, record.Size);
        call.Response.ContentLength = length;
        if (range is not null)
        {
            call.Response.StatusCode = StatusCodes.Status206PartialContent;
            call.Response.Headers.ContentRange = $"bytes {offset}-{offset + length - 1}/{record.Size}";
        }

        if (HttpMethods.IsHead(call.Request.Method))
        {
            await call.Response.StartAsync(cancellationToken);
        }
        else
        {
            await stored.CopyToAsync(call.Response.Body, offset, length, cancellationToken);
        }
    }

    /// <summary>The range to send; null: the whole object, which is also OSS's answer to a range it cannot satisfy, unless told to keep to the standard.</summary>
    private static ByteRange? Range(OssCall call, ObjectRecord record)
    {
        if (call.Header("Range") is not { } header)
        {
            return null;
        }

        var standard = call.Header("x-oss-range-behavior") == "standard";
        return ByteRange.Parse(header, record.Size, standard) ?? (standard ? throw Refusals.InvalidRange(header, record.Size) : null);
    }

    private static void ApplyOverrides(OssCall call)
    {
        foreach (var name in Overridable)
        {
            if (call.Target.Parameter(Override + name) is { Length: > 0 } value)
            {
                call.Response.Headers[name] = call.Caller.IsAnonymous ? throw Refusals.OverrideByAnonymous()
                    : value.Any(char.IsControl) ? throw Refusals.InvalidArgument(Override + name, null, "The value has control characters.")
                    : value;
            }
        }
    }
}
