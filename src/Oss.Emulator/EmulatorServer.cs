using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Oss.Emulator;

/// <summary>Kestrel as an object store needs it: large bodies, long targets, nothing read from the environment.</summary>
internal static class EmulatorServer
{
    private const int HeaderBytes = 128 * 1024;
    private const int BufferBytes = 1024 * 1024;

    /// <summary>A server that is not started yet.</summary>
    /// <param name="sockets">Where http is spoken.</param>
    /// <param name="secureSockets">Where https is spoken; null: nowhere.</param>
    /// <param name="certificate">The certificate of https.</param>
    /// <param name="logging">Adds log providers.</param>
    /// <param name="stsSockets">Where STS is, over http; null: nowhere.</param>
    public static WebApplication Build(
        LocalSockets sockets, LocalSockets? secureSockets, X509Certificate2? certificate, Action<ILoggingBuilder>? logging, LocalSockets? stsSockets = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseKestrelCore().UseSockets(transport =>
        {
            transport.CreateBoundListenSocket = endPoint => sockets.Find(endPoint) ?? secureSockets?.Find(endPoint) ?? stsSockets!.Find(endPoint)!;
            // A buffer for each idle connection is cheaper than a system call before each read.
            transport.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BlockPool.Factory>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            // A callback and its variables in the query are 10 KB before encoding.
            kestrel.Limits.MaxRequestLineSize = HeaderBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
            kestrel.Limits.MaxRequestBufferSize = BufferBytes;
            kestrel.Limits.MaxResponseBufferSize = BufferBytes;
            foreach (var endPoint in sockets.EndPoints.Concat(stsSockets?.EndPoints ?? []))
            {
                kestrel.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
            }

            foreach (var endPoint in secureSockets?.EndPoints ?? [])
            {
                kestrel.Listen(endPoint, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.UseHttps(certificate!);
                });
            }
        });
        return builder.Build();
    }
}
