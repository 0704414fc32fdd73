using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.OssKeys;

internal static class OssKeysRegistration
{
    public static void AddOssKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OssKeyOptions>().BindConfiguration(OssOptions.Section).Configure(options => options.ReadFrom(configuration))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OssKeyMetrics>();
        services.AddSingleton<OssKeySource>();
        services.AddSingleton(provider => provider.GetRequiredService<OssKeySource>().Signers);
        services.AddHostedService<OssKeyReport>();
    }
}
