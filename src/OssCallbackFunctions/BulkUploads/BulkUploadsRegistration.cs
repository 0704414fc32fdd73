using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.BulkUploads;

internal static class BulkUploadsRegistration
{
    public static void AddBulkUploads(this IServiceCollection services)
    {
        services.AddOptions<BulkUploadOptions>().BindConfiguration(BulkUploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BulkUploadMetrics>();
        services.AddJobs();
        services.AddSingleton<UploadSources>();
        services.AddSingleton<UploadEntries>();
        services.AddSingleton<UploadLanes>();
        services.AddSingleton<BulkUploadFailure>();
        services.AddSingleton<BulkUploadPlanner>();
        services.AddSingleton<BulkUploadExpander>();
        services.AddSingleton<BulkUploadDispatcher>();
        services.AddSingleton<PageDriver>();
        services.AddSingleton<ObjectCarrier>();
        services.AddSingleton<ObjectStoring>();
        services.AddSingleton<SimpleUpload>();
        services.AddSingleton<SourceChecksums>();
        services.AddSingleton<UploadThrottle>();
        services.AddSingleton<LostUploads>();
        services.AddSingleton<MultipartBeginning>();
        services.AddSingleton<SliceTransfer>();
        services.AddSingleton<ObjectCompletion>();
        services.AddSingleton<ObjectEnding>();
        services.AddSingleton<BulkUploadReport>();
        services.AddSingleton<BulkUploadEnding>();
        services.AddSingleton<BulkUploadCancellation>();
        services.AddSingleton<BulkUploadReopening>();
        services.AddSingleton<BulkUploadForgetting>();
        services.AddSingleton<BulkUploadRunner>();
        services.AddSingleton<TaskProgress>();
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<BulkUploadRecords>();
        services.AddSingleton<UploadObjects>();
        services.AddSingleton<UploadPages>();
        services.AddSingleton<SliceClaims>();
        services.AddSingleton<UploadObjectCounting>();
        services.AddSingleton<BulkUploadWatch>();
        services.AddSingleton<StalledJobs>();
        services.AddSingleton<BulkUploadQueues>();
        services.AddSingleton<BulkUploadView>();
        services.AddSingleton<BulkUploadDesk>();
    }
}
