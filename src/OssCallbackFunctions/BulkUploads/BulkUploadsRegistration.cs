using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.BulkUploads;

internal static class BulkUploadsRegistration
{
    public static void AddBulkUploads(this IServiceCollection services)
    {
        services.AddOptions<BulkUploadOptions>().BindConfiguration(BulkUploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BulkUploadRecords>();
        services.AddSingleton<BulkUploadQueues>();
        services.AddSingleton<UploadSources>();
        services.AddSingleton<BulkUploadPlanner>();
        services.AddSingleton<SliceTransfer>();
        services.AddSingleton<BulkUploadCompletion>();
        services.AddSingleton<BulkUploadRunner>();
        services.AddSingleton<BulkUploadDesk>();
    }
}
