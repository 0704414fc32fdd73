using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Replies;

internal static class RepliesRegistration
{
    public static void AddReplies(this IServiceCollection services)
    {
        services.AddOptions<CorsOptions>().BindConfiguration(CorsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Cors>();
    }
}
