using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Idempotency;

internal static class IdempotencyRegistration
{
    public static void AddIdempotency(this IServiceCollection services)
    {
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<KeyedRecords>();
        services.AddSingleton<KeyedRequests>();
    }
}
