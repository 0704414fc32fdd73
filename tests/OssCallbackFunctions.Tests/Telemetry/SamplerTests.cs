using System.Diagnostics;
using System.Net.Http.Json;

namespace OssCallbackFunctions.Tests.Telemetry;

public sealed class SamplerTests(SamplingApp app) : IClassFixture<SamplingApp>
{
    [Fact]
    public async Task Of_traces_those_are_exported_that_the_sampler_takes_and_metrics_and_logs_all_the_same()
    {
        var (wanted, unwanted) = (ActivityTraceId.CreateRandom().ToHexString(), ActivityTraceId.CreateRandom().ToHexString());
        await LendAsync($"00-{unwanted}-00f067aa0ba902b7-00");
        await LendAsync(null);
        await LendAsync($"00-{wanted}-00f067aa0ba902b7-01");
        await app.TraceAsync(wanted, "PresignedPut", "upload.credential");
        Assert.All(app.Receiver.Spans(), span => Assert.Equal(wanted, span.Trace));
        await RunningApp.EventuallyAsync<object>(() => Task.FromResult<object?>(app.Receiver.Metrics().Contains("upload.credentials") ? app : null));
        await RunningApp.EventuallyAsync<object>(() => Task.FromResult<object?>(app.Receiver.Text.Contains("OSS requests are signed by", StringComparison.Ordinal) ? app : null));
    }

    private async Task LendAsync(string? traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads/presigned-put") { Content = JsonContent.Create(new { key = RunningApp.NewKey() }) };
        if (traceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
