using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.DeadLetters;

internal static class DeadLettersRegistration
{
    public static void AddDeadLetters(this IServiceCollection services)
    {
        services.AddSingleton<DeadLetterQueues>();
        services.AddSingleton<DeadLetterRecords>();
        services.AddSingleton<DeadLetterMetrics>();
        services.AddSingleton<DeadLetterIntake>();
        services.AddSingleton<DeadLetterDesk>();
    }
}
