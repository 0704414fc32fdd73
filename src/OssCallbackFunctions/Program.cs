using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using OssCallbackFunctions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddOssCallbackFunctions(builder.Configuration);
await builder.Build().RunAsync();
