using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

internal static class CredentialsRegistration
{
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindStrictly(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<Dictionary<string, CallerOptions>>().BindStrictly(CallerOptions.Section).PostConfigure(CallerOptions.RemoveEmpty);
        services.AddSingleton<IPostConfigureOptions<UploadOptions>, VariableRoom>();
        services.AddSingleton<IValidateOptions<UploadOptions>, ProfileSettings>();
        services.AddOptions<StsOptions>().BindConfiguration(StsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadCallers>();
        services.AddSingleton<TemporaryKeys>();
        services.AddSingleton<UploadCredentialIssuer>();
        services.AddSingleton<CredentialMetrics>();
        services.AddSingleton<CredentialLender>();
    }
}
