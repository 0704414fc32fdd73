using Microsoft.Extensions.DependencyInjection;
using OssCallbackFunctions.OssKeys;

namespace OssCallbackFunctions.Health;

internal static class HealthRegistration
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<IExamination, StorageExamination>();
        services.AddSingleton<IExamination, OssExamination>();
        services.AddSingleton<IExamination, OssFrontExamination>();
        services.AddSingleton<IExamination, CallbackExamination>();
        services.AddSingleton(provider => new Doctor(
            provider.GetServices<IExamination>(), provider.GetRequiredService<OssKeySource>(), provider.GetRequiredService<TimeProvider>()));
    }
}
