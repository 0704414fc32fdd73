using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

internal static class CredentialsRegistration
{
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<Dictionary<string, CallerOptions>>().BindConfiguration(CallerOptions.Section);
        services.AddSingleton<IPostConfigureOptions<UploadOptions>, VariableRoom>();
        services.AddSingleton<IValidateOptions<UploadOptions>, ProfileSettings>();
        services.AddSingleton<UploadCallers>();
        services.AddSingleton<UploadCredentialIssuer>();
    }
}
