using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Callbacks;

internal static class CallbacksRegistration
{
    public static void AddCallbacks(this IServiceCollection services)
    {
        services.AddOptions<CallbackOptions>().BindConfiguration(CallbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CallbackOptions>>().Value;
            return new CallbackPublicKeys(OutboundHttp.Client(), provider.GetRequiredService<TimeProvider>(), NullIfEmpty(options.TestKeyUrl), NullIfEmpty(options.TestKeyPem));
        });
        services.AddSingleton<UploadRecords>();
        services.AddSingleton<UploadCallbackVerifier>();
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
