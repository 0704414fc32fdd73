using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Health;

/// <summary>What OSS tells without a key: its time, and which pages may use the bucket.</summary>
internal sealed class OssFrontExamination(OssEndpoint endpoint, IOptions<OssOptions> oss, IOptions<CorsOptions> cors, TimeProvider clock) : IExamination
{
    // OSS refuses what is signed more than 15 minutes off; lifetimes of URLs suffer before.
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Useless = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http = OutboundHttp.Client();

    public string Name => "oss_front";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (var head = await SendAsync(HttpMethod.Head, null, cancellationToken))
        {
            if (head.Headers.Date is { } time)
            {
                yield return Clock(time - clock.GetUtcNow());
            }
        }

        foreach (var origin in cors.Value.Origins.Take(3))
        {
            using var preflight = await SendAsync(HttpMethod.Options, origin == "*" ? "https://www.example.com" : origin, cancellationToken);
            yield return Cors(origin, preflight);
        }
    }

    private static Finding Clock(TimeSpan behind)
    {
        var difference = $"This machine's clock is {behind.Duration().TotalSeconds:0} s {(behind > TimeSpan.Zero ? "behind" : "ahead of")} OSS's.";
        return behind.Duration() < Bearable ? Finding.Ok("clock", "This machine's clock agrees with OSS's.")
            : behind.Duration() < Useless ? Finding.Warning("clock", difference, "Set the clock: what is signed ends so much too soon or too late.")
            : Finding.Error("clock", difference, "Set the clock: OSS refuses what is signed 15 minutes off.");
    }

    private Finding Cors(string origin, HttpResponseMessage preflight)
    {
        var fix = $"Set the CORS rules that {Finding.Printed("cors")} prints.";
        if (!preflight.IsSuccessStatusCode)
        {
            return Finding.Error("oss_cors", $"{oss.Value.Bucket} does not take PUT from pages of {origin}.", fix);
        }

        // By the rule for PUT: there may be none for GET.
        return preflight.Headers.TryGetValues("Access-Control-Expose-Headers", out var exposed) && string.Join(',', exposed).Contains("ETag", StringComparison.OrdinalIgnoreCase)
            ? Finding.Ok("oss_cors", $"{oss.Value.Bucket} takes PUT from pages of {origin}, and shows them the ETag.")
            : Finding.Error("oss_cors", $"{oss.Value.Bucket} does not show pages of {origin} the ETag, without which they cannot complete a multipart upload.", fix);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? origin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, endpoint.ObjectUrl(oss.Value.Bucket, "oss-callback-functions-doctor"));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "PUT");
            request.Headers.Add("Access-Control-Request-Headers", "content-type,x-oss-forbid-overwrite");
        }

        return await _http.SendAsync(request, cancellationToken);
    }
}
