using System.Globalization;
using System.Net;
using Benchmarks.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Oss.Protocol;

namespace Benchmarks.Bulk;

/// <summary>
/// A manifest of as many lines as one likes: what it takes of a storage account whose tables do not get slower the more rows they have, and of memory. Objects are a byte each, and an OSS takes them that keeps none.
/// </summary>
internal static class ManyMeasurement
{
    public static async Task RunAsync(MeasurementOptions options, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var tables = await ServerProcess.StartAsync(ServerKind.Tables, folder);
        await using var stack = await BulkStack.StartAsync(folder, connection => TableService.In(connection, tables.Address));
        using var oss = new ForgetfulOss();
        using var host = await ScaleMeasurement.StartAsync(stack, services => services.Replace(ServiceDescriptor.Singleton(
            new OssClient(new HttpClient(oss, disposeHandler: false), stack.Endpoint, BulkStack.Signer, TimeProvider.System))));
        await ScaleMeasurement.BeginAsync(stack, options.Lines);
        oss.Requests = 0;
        await ScaleMeasurement.MeasureAsync(stack, $"{options.Lines:#,0} lines", options.Lines, new { manifest = new { file = "list.jsonl" }, destination = "to/", callback = false });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Requests of OSS: {oss.Requests:#,0}."));
        await host.StopAsync();
    }

    /// <summary>Takes PutObject, says what it got, and keeps nothing.</summary>
    private sealed class ForgetfulOss : HttpMessageHandler
    {
        private int _requests;

        public int Requests
        {
            get => _requests;
            set => _requests = value;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Put || request.RequestUri!.Query.Length > 0)
            {
                throw new NotSupportedException($"{request.Method} {request.RequestUri}");
            }

            Interlocked.Increment(ref _requests);
            var reply = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent([]) };
            reply.Headers.TryAddWithoutValidation("ETag", "\"one\"");
            reply.Headers.Add("x-oss-request-id", "0");
            reply.Headers.Add("x-oss-hash-crc64ecma", Crc64.ToText(Crc64.Compute(await request.Content!.ReadAsByteArrayAsync(cancellationToken))));
            return reply;
        }
    }
}
