using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Oss.Emulator.Forms;
using Oss.Emulator.Http;

namespace Oss.Emulator.Faults;

/// <summary>Brings faults and traffic limits to requests, just before their operations run. A request with neither stays as it is.</summary>
/// <param name="faults">The faults.</param>
/// <param name="clock">What delays and rates go by.</param>
internal sealed class Disturbances(FaultInjection faults, TimeProvider clock)
{
    private static readonly StreamPipeReaderOptions LargeReads = new(bufferSize: 64 * 1024, leaveOpen: true);

    /// <summary>Begins with a request whose body is the content, or has none.</summary>
    public async ValueTask BeginAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (Plan(call, TrafficLimit.Of(call), HasCallback(call)) is not { } plan)
        {
            return;
        }

        await StartAsync(call, plan, cancellationToken);
        if (plan.ShapesRequest)
        {
            call.Request.Body = Shaped(plan, call.Request.Body, call.Request.ContentLength);
            call.Http.Features.Set<IRequestBodyPipeFeature>(new BodyPipe(PipeReader.Create(call.Request.Body, LargeReads)));
        }
    }

    /// <summary>Begins with a form whose fields have been read.</summary>
    /// <returns>What to read the file from.</returns>
    public async ValueTask<Stream> BeginAsync(OssCall call, UploadForm form, CancellationToken cancellationToken)
    {
        if (Plan(call, TrafficLimit.Of(form), form.Field("callback") is not null) is not { } plan)
        {
            return form.File.Body;
        }

        await StartAsync(call, plan, cancellationToken);
        // The file's own length is not known before its end; what is left of the request is nearly it.
        return plan.ShapesRequest ? Shaped(plan, form.File.Body, call.Request.ContentLength - call.BytesReceived) : form.File.Body;
    }

    private static bool HasCallback(OssCall call) =>
        call.Operation is "PutObject" or "CompleteMultipartUpload" && (call.Header("x-oss-callback") ?? call.Target.Parameter("callback")) is not null;

    private RequestPlan? Plan(OssCall call, TrafficLimit? limit, bool hasCallback)
    {
        var hasBody = call.Request.ContentLength > 0 || call.Request.Headers.TransferEncoding.Count > 0;
        var plan = faults.IsEmpty ? null : faults.Meet(new FaultSubject(call.Operation, call.Target.Bucket, call.Key, call.PartNumber, hasBody, hasCallback));
        if (limit is null)
        {
            return plan;
        }

        plan ??= new RequestPlan();
        plan.Limit = limit;
        if (limit.IsOfReply)
        {
            plan.ReplyRate = Pace.Lower(plan.ReplyRate, limit.BytesPerSecond);
        }
        else
        {
            plan.RequestRate = Pace.Lower(plan.RequestRate, limit.BytesPerSecond);
        }

        return plan;
    }

    private async Task StartAsync(OssCall call, RequestPlan plan, CancellationToken cancellationToken)
    {
        call.Plan = plan;
        call.CallbackFault = plan.Callback;
        if (plan.Delay > TimeSpan.Zero)
        {
            await Task.Delay(plan.Delay, clock, cancellationToken);
        }

        // Before the refusal, which is a reply like others.
        if (plan.ShapesReply)
        {
            var prior = call.Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            call.Response.Body = new OutgoingBody(call.Http, prior, plan, plan.ReplyRate is { } rate ? new Pace(rate, clock) : null);
        }

        if (plan.Refusal is not null)
        {
            throw plan.Refusal;
        }
    }

    private IncomingBody Shaped(RequestPlan plan, Stream body, long? length)
    {
        plan.RequestPace = plan.RequestRate is { } rate ? new Pace(rate, clock) : null;
        return new IncomingBody(body, plan.RequestPace, plan.RequestCuts.Count > 0 ? plan.RequestCuts.Min(cut => cut.In(length)) : null);
    }

    private sealed record BodyPipe(PipeReader Reader) : IRequestBodyPipeFeature;
}
