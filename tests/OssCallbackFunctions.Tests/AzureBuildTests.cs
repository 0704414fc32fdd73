using OssCallbackFunctions.Callbacks;

namespace OssCallbackFunctions.Tests;

public sealed class AzureBuildTests
{
    // What the Azure build has: the official packages under LocalWorker's names, the storage clients, OpenTelemetry and its exporters, and what Microsoft.Extensions.Hosting brings.
    private static readonly string[] Allowed =
    [
        "System.", "LocalWorker", "Oss.Protocol", "Azure.Core", "Azure.Data.Tables", "Azure.Identity", "Azure.Monitor.OpenTelemetry.Exporter", "Azure.Storage.", "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options", "OpenTelemetry",
    ];

    [Fact]
    public void The_app_uses_no_assembly_that_the_Azure_build_lacks()
    {
        var references = typeof(UploadCallback).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.DoesNotContain(references, name => !Allowed.Any(allowed => name.StartsWith(allowed, StringComparison.Ordinal)));
    }

    [Fact]
    public void Oss_Protocol_uses_the_base_class_library_alone()
    {
        var references = typeof(Oss.Protocol.V4Signer).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }
}
