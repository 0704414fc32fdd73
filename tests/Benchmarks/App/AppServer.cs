using Benchmarks.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions;
using Sandbox;

namespace Benchmarks.App;

/// <summary>The functions app without logs, and the Kestrel endpoint that it is measured beside; each in a process of its own.</summary>
internal static class AppServer
{
    public const string FunctionKey = "benchmarks-function-key";

    private const string Nowhere = "http://127.0.0.1:1";

    /// <summary>The app, with the settings of the environment before its own.</summary>
    public static async Task<(string Address, IHost Host)> StartAsync()
    {
        var address = $"http://127.0.0.1:{Ports.Free(1)[0]}";
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint={Nowhere}/a;TableEndpoint={Nowhere}/a",
                ["OSS_ACCESS_KEY_ID"] = ServerProgram.Key.Id,
                ["OSS_ACCESS_KEY_SECRET"] = ServerProgram.Key.Secret,
                ["Oss:Region"] = "cn-hangzhou",
                ["Oss:Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com",
                ["Oss:Bucket"] = Requests.Bucket,
                ["Callbacks:PublicBaseUrl"] = "https://fn.example.com",
                ["Grants:Secret"] = Convert.ToBase64String(new byte[32]),
                ["Ledger:Enabled"] = "false",
                ["LocalWorker:Urls"] = address,
                ["LocalWorker:FunctionsAssembly"] = "OssCallbackFunctions",
                ["LocalWorker:FunctionKey"] = FunctionKey,
                ["AzureFunctionsJobHost:functions:0"] = "PresignedPut",
                ["AzureFunctionsJobHost:functions:1"] = "FormPost",
                ["AzureFunctionsJobHost:functions:2"] = "UploadCallback",
            },
        });
        builder.Services.AddOssCallbackFunctions(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return (address, host);
    }

    /// <summary>Kestrel as it comes: reads a body and answers as many bytes as the path says.</summary>
    public static WebApplication Replying()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            var reply = new byte[int.Parse(http.Request.Path.Value!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = reply.Length;
            await http.Response.Body.WriteAsync(reply);
        });
        return server;
    }
}
