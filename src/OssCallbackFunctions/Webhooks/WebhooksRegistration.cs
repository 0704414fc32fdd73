using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OssCallbackFunctions.Webhooks;

internal static class WebhooksRegistration
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(WebhookOptions.Section).Bind(options.All))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookList>();
        services.AddSingleton(provider => new WebhookClient(OutboundHttp.Client(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<DeliveryRecords>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookDeliverer>();
    }
}
