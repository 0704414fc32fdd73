using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LocalWorker.Functions;

/// <summary>The one set of JSON options: bodies, replies and queue messages are all read and written with what the app configured.</summary>
internal static class WorkerJson
{
    public const string ContentType = "application/json; charset=utf-8";

    public static void Configure(JsonSerializerOptions options) => options.PropertyNameCaseInsensitive = true;

    public static JsonSerializerOptions Options(FunctionContext context) =>
        context.InstanceServices.GetService<IOptions<JsonSerializerOptions>>()?.Value
        ?? throw new InvalidOperationException("A serializer is not configured for the worker.");
}
