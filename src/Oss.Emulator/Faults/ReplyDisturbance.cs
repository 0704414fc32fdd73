using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Oss.Emulator.Http;

namespace Oss.Emulator.Faults;

/// <summary>What happens to a reply when its head is complete and not a byte of it has been sent.</summary>
internal static class ReplyDisturbance
{
    private const string QosDelay = "x-oss-qos-delay-time";

    public static async Task BeginAsync(OssCall call, RequestPlan plan)
    {
        WriteQosDelay(call, plan);
        if (plan.LosesReply)
        {
            plan.Reply = ReplyPlaces.Broken;
            call.Http.Abort();
            return;
        }

        var length = HasBody(call) ? call.Response.ContentLength : 0;
        var places = ReplyPlaces.Of(plan, length);
        if (plan.CutsHead || places.Cut < 0)
        {
            plan.Reply = ReplyPlaces.Broken;
            await BrokenConnection.BreakAfterAsync(call.Http, PartOfHead(call), plan.ClosesReply);
            return;
        }

        plan.Reply = places;
        if (places.End < length)
        {
            call.Response.ContentLength = places.End;
        }
    }

    // OSS tells of uploads how long it held them back, and of downloads how long it is going to, more or less. Source: OSS documentation, "Limits".
    private static void WriteQosDelay(OssCall call, RequestPlan plan)
    {
        var delay = plan switch
        {
            { QosDelay: { } said } => said,
            { Limit: { IsOfReply: true } limit } => TimeSpan.FromSeconds((double)(call.Response.ContentLength ?? 0) / limit.BytesPerSecond),
            { Limit: not null } => plan.RequestPace?.Waited ?? TimeSpan.Zero,
            _ => (TimeSpan?)null,
        };
        if (delay is { } time)
        {
            call.Response.Headers[QosDelay] = time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        }
    }

    private static bool HasBody(OssCall call) =>
        !HttpMethods.IsHead(call.Request.Method) && call.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private static byte[] PartOfHead(OssCall call) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {call.Response.StatusCode} {ReasonPhrases.GetReasonPhrase(call.Response.StatusCode)}\r\nServer: AliyunOSS\r\nx-oss-request-id: {call.RequestId[..12]}");
}
