using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Pages;

namespace Oss.Emulator.Faults;

/// <summary>Faults over HTTP, for tests that do not run in the emulator's process.</summary>
internal sealed class FaultPage(FaultInjection faults)
{
    public const string Path = EmulatorPages.Root + "/faults";
    private const int MaxBody = 64 * 1024;

    // Quotes and keys in any script as they are.
    private static readonly FaultJson Readable = new(new JsonSerializerOptions(FaultJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Task WriteAsync(HttpContext http)
    {
        var id = http.Request.Path.Value![Path.Length..].Trim('/');
        switch (http.Request.Method, id)
        {
            case ("GET", ""):
                return WriteAsync(http, StatusCodes.Status200OK, new FaultList(faults.Seed, faults.Installed), Readable.FaultList);
            case ("POST", ""):
                return AddAsync(http);
            case ("DELETE", ""):
                faults.Clear();
                return EmptyAsync(http);
            case ("DELETE", _):
                return faults.Remove(id) ? EmptyAsync(http) : RefuseAsync(http, StatusCodes.Status404NotFound, $"There is no fault {id}.");
            case (_, ""):
                http.Response.Headers.Allow = "GET, POST, DELETE";
                return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, $"{Path} knows GET, POST and DELETE.");
            default:
                http.Response.Headers.Allow = "DELETE";
                return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "A single fault knows DELETE.");
        }
    }

    private async Task AddAsync(HttpContext http)
    {
        InstalledFault installed;
        try
        {
            var fault = JsonSerializer.Deserialize(await ReadAsync(http.Request, http.RequestAborted), FaultJson.Default.Fault)
                ?? throw new ArgumentException("The body must be a fault, not null.");
            installed = faults.Add(fault);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            // NotSupportedException: an effect without kind.
            await RefuseAsync(http, StatusCodes.Status400BadRequest, e is NotSupportedException ? "effect needs a member kind." : e.Message);
            return;
        }

        await WriteAsync(http, StatusCodes.Status201Created, installed, Readable.InstalledFault);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            body.Write(buffer, 0, body.Length + read <= MaxBody ? read : throw new ArgumentException($"The body is larger than {MaxBody} bytes."));
        }

        return body.ToArray();
    }

    private static Task RefuseAsync(HttpContext http, int status, string message) => WriteAsync(http, status, new FaultRefusal(message), Readable.FaultRefusal);

    private static Task EmptyAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }
}
