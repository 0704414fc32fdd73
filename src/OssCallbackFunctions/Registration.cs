using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.DeadLetters;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Health;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Limits;
using OssCallbackFunctions.OssKeys;
using OssCallbackFunctions.Replies;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Telemetry;
using OssCallbackFunctions.UploadSessions;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions;

/// <summary>The composition root: everything the functions need, whichever host runs them.</summary>
public static class Registration
{
    /// <summary>Adds the three features and what they share. A missing or wrong setting stops the start and names itself.</summary>
    public static IServiceCollection AddOssCallbackFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<NewId>(() => Guid.NewGuid().ToString("N"));
        services.AddSingleton<Jitter>(Random.Shared.NextDouble);
        services.AddOss();
        services.AddOssKeys(configuration);
        services.AddStorage(configuration);
        services.AddGrants();
        services.AddWebhooks();
        services.AddLimits();
        services.AddCredentials();
        services.AddUploadSessions();
        services.AddReplies();
        services.AddIdempotency();
        services.AddCallbacks();
        services.AddDeadLetters();
        services.AddBulkUploads();
        services.AddHealth();
        services.AddTelemetry(configuration);
        return services;
    }

    private static void AddOss(this IServiceCollection services)
    {
        services.AddOptions<OssOptions>().BindConfiguration(OssOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<OssOptions>>().Value.ParsedEndpoint);
        services.AddSingleton(provider => new OssClient(
            OutboundHttp.Client(), provider.GetRequiredService<OssEndpoint>(), provider.GetRequiredService<ISignerSource>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().Configure(options => options.ReadFrom(configuration))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StorageAccount>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Removals>();
    }
}
