using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Credentials;

internal static class CredentialsRegistration
{
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadCredentialIssuer>();
    }
}
