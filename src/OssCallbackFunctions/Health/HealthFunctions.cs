using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Health;

/// <summary>For platforms that ask whether this instance is fit, and for operators who ask what is wrong.</summary>
public sealed class HealthFunctions(HealthProbe probe, Doctor doctor, ILogger<HealthFunctions> logger)
{
    /// <summary>Whether this instance can work: 200, or 503. Whoever asks learns no more.</summary>
    [Function("Health")]
    public Task<HttpResponseData> ProbeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequestData request, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var health = await probe.LookAsync(cancellationToken);
            return await request.JsonAsync(health.IsHealthy ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, health, HealthJson.Default.InstanceHealth);
        });

    /// <summary>Examines settings, storage account, OSS, and the way back from OSS.</summary>
    [Function("Doctor")]
    public Task<HttpResponseData> ExamineAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = "doctor")] HttpRequestData request, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () => await request.JsonAsync(HttpStatusCode.OK, await doctor.ExamineAsync(cancellationToken), HealthJson.Default.Diagnosis));
}
