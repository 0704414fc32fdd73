using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Limits;

internal static class LimitsRegistration
{
    public static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>().BindStrictly(LimitsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UsageRecords>();
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<UploadLimits>();
    }
}
