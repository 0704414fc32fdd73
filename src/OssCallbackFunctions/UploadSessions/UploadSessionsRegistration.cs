using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.UploadSessions;

internal static class UploadSessionsRegistration
{
    public static void AddUploadSessions(this IServiceCollection services)
    {
        services.AddSingleton<UploadSessionDesk>();
        services.AddSingleton<MultipartDesk>();
        services.AddSingleton<UploadLending>();
    }
}
