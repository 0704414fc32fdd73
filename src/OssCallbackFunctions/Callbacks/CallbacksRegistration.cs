using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

internal static partial class CallbacksRegistration
{
    public static void AddCallbacks(this IServiceCollection services)
    {
        services.AddOptions<CallbackOptions>().BindConfiguration(CallbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CallbackOptions>>().Value;
            if (!string.IsNullOrEmpty(options.TestKeyUrl))
            {
                LogTestKey(provider.GetRequiredService<ILogger<CallbackPublicKeys>>());
            }

            return new CallbackPublicKeys(OutboundHttp.Client(), provider.GetRequiredService<TimeProvider>(), NullIfEmpty(options.TestKeyUrl), NullIfEmpty(options.TestKeyPem));
        });
        services.AddSingleton<IValidateOptions<CallbackProfilesOptions>, AnswerSettings>();
        services.AddSingleton<CallbackAnswers>();
        services.AddSingleton<CallbackMetrics>();
        services.AddSingleton<ToldObjects>();
        services.AddSingleton<UploadRetention>();
        services.AddSingleton<UploadRecords>();
        services.AddSingleton<UploadEventDesk>();
        services.AddSingleton<UploadMarks>();
        services.AddSingleton<UploadStatusDesk>();
        services.AddSingleton<UploadCallbackVerifier>();
        services.AddSingleton<UploadSettlement>();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Callbacks__TestKeyUrl is set: callbacks of an OSS emulator are believed. Never in production")]
    private static partial void LogTestKey(ILogger logger);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
