using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Grants;

internal static class GrantsRegistration
{
    public static void AddGrants(this IServiceCollection services)
    {
        services.AddOptions<GrantOptions>().BindConfiguration(GrantOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CallbackAddressOptions>().BindConfiguration(CallbackAddressOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CallbackProfilesOptions>().BindConfiguration(CallbackProfilesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LedgerOptions>().BindConfiguration(LedgerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadGrants>();
        services.AddSingleton<UploadIds>();
        services.AddSingleton<Seals>();
        services.AddSingleton<SecretSeals>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<UploadLedger>();
    }
}
