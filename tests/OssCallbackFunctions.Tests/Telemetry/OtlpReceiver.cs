using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>Takes what an app exports by OTLP, over HTTP or by gRPC, and keeps it as it came.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    // gRPC's message is behind a byte for its compression, which there is none of, and four for its length.
    private const int GrpcPrefix = 5;

    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Url => _server.Urls.Single();

    /// <summary>All bodies, a character for each byte: a text that was exported is in it to the letter, as far as it is ASCII.</summary>
    public string Text => string.Join('\n', _received.Select(request => Encoding.Latin1.GetString(request.Body)));

    /// <param name="grpc">Whether it takes gRPC, and nothing else.</param>
    public static async Task<OtlpReceiver> StartAsync(bool grpc = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(server);
        server.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            // An empty answer: all was taken.
            if (grpc)
            {
                receiver._received.Enqueue((SignalOf(http.Request.Path.Value!), body.ToArray()[GrpcPrefix..]));
                http.Response.ContentType = "application/grpc";
                await http.Response.Body.WriteAsync(new byte[GrpcPrefix]);
                http.Response.AppendTrailer("grpc-status", "0");
            }
            else
            {
                receiver._received.Enqueue((http.Request.Path.Value!, body.ToArray()));
                http.Response.ContentType = "application/x-protobuf";
            }
        });
        await server.StartAsync();
        return receiver;
    }

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<Span> Spans() =>
    [
        .. from request in _received
           where request.Path == "/v1/traces"
           from resource in Protobuf.Messages(request.Body, 1)
           from scope in Protobuf.Messages(resource, 2)
           from span in Protobuf.Messages(scope, 2)
           select Span.Read(span),
    ];

    /// <summary>Names of all metrics so far.</summary>
    public IReadOnlySet<string> Metrics() =>
        (from request in _received
         where request.Path == "/v1/metrics"
         from resource in Protobuf.Messages(request.Body, 1)
         from scope in Protobuf.Messages(resource, 2)
         from metric in Protobuf.Messages(scope, 2)
         select Encoding.UTF8.GetString(Protobuf.Messages(metric, 1).Single())).ToHashSet(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string SignalOf(string service) => service switch
    {
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => "/v1/traces",
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" => "/v1/metrics",
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => "/v1/logs",
        _ => throw new InvalidOperationException($"Nobody exports to {service}."),
    };
}

/// <summary>A span as it was exported.</summary>
/// <param name="Trace">Id of its trace.</param>
/// <param name="Id">Its id.</param>
/// <param name="Parent">Id of the span that it is within; "": it begins the trace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">Those that are text or a number.</param>
public sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    public static Span Read(byte[] message) => new(
        Hex(message, 1), Hex(message, 2), Hex(message, 4), Encoding.UTF8.GetString(Protobuf.Messages(message, 5).Single()),
        Protobuf.Messages(message, 9).ToDictionary(pair => Encoding.UTF8.GetString(Protobuf.Messages(pair, 1).Single()), pair => Value(Protobuf.Messages(pair, 2).Single())));

    private static string Value(byte[] value) =>
        Protobuf.Messages(value, 1).SingleOrDefault() is { } text ? Encoding.UTF8.GetString(text) : Protobuf.Number(value, 3)?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Protobuf.Messages(message, field).SingleOrDefault() ?? []);
}

/// <summary>As much of protobuf's wire format as finds a message in a message.</summary>
internal static class Protobuf
{
    /// <summary>The messages, texts or bytes of a field.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    at += length;
                    if (tag >> 3 == (ulong)field)
                    {
                        yield return message[(at - length)..at];
                    }

                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }
    }

    /// <summary>The number at the beginning of a message; null: it begins with another field.</summary>
    public static ulong? Number(byte[] message, int field)
    {
        var at = 0;
        return message.Length > 0 && Varint(message, ref at) == (ulong)field << 3 ? Varint(message, ref at) : null;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
