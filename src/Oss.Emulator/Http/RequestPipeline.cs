using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Access;
using Oss.Emulator.Cors;
using Oss.Emulator.Faults;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Http;

/// <summary>What every request goes through: named, authenticated, carried out, answered in OSS's form, recorded and logged.</summary>
internal sealed class RequestPipeline
{
    private readonly OssEmulatorOptions _options;
    private readonly BucketIndex _buckets;
    private readonly Addressing _addressing;
    private readonly Authentication _authentication;
    private readonly Authorization _authorization;
    private readonly Dictionary<string, IOperation> _operations;
    private readonly Disturbances _disturbances;
    private readonly Recording<RecordedRequest> _requests;
    private readonly ILogger _logger;

    public RequestPipeline(
        OssEmulatorOptions options, BucketIndex buckets, Addressing addressing, Authentication authentication, Authorization authorization, IEnumerable<IOperation> operations,
        Disturbances disturbances, Recording<RecordedRequest> requests, ILogger logger)
    {
        _options = options;
        _buckets = buckets;
        _addressing = addressing;
        _authentication = authentication;
        _authorization = authorization;
        _operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        _disturbances = disturbances;
        _requests = requests;
        _logger = logger;
    }

    public async Task HandleAsync(HttpContext http)
    {
        var call = new OssCall(http);
        var started = _options.Clock.GetTimestamp();
        http.Response.OnStarting(() =>
        {
            WriteCommonHeaders(call, started);
            // Before the client can see the reply: whoever has the reply finds the request in the list.
            Record(call, http.Response.StatusCode);
            return call.Plan is null ? Task.CompletedTask : ReplyDisturbance.BeginAsync(call, call.Plan);
        });

        try
        {
            await AnswerOrRefuseAsync(call, http.RequestAborted);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested || e is BadHttpRequestException or ConnectionResetException)
        {
            Log.Broken(_logger, call.Operation, e.Message);
            Record(call, StatusCodes.Status499ClientClosedRequest);
            await BrokenConnection.AbortAsync(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            Log.Failed(_logger, e, call.Operation);
            await Reply.ErrorAsync(call, Refusals.InternalError());
        }
    }

    private async Task AnswerOrRefuseAsync(OssCall call, CancellationToken cancellationToken)
    {
        try
        {
            await AnswerAsync(call, cancellationToken);
        }
        catch (OssException e) when (!call.Response.HasStarted)
        {
            await Reply.ErrorAsync(call, e.Error);
        }
    }

    private async Task AnswerAsync(OssCall call, CancellationToken cancellationToken)
    {
        var candidates = _addressing.Candidates(call.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, call.Request.Host.Host);
        call.Target = candidates[0];
        if (HttpMethods.IsOptions(call.Request.Method))
        {
            await Preflight.AnswerAsync(call, candidates, _buckets);
            return;
        }

        (call.Target, var verification) = _authentication.Identify(call.Request, candidates);
        call.Key = call.Target.Key;
        call.Signature = verification.Scheme;
        call.Operation = OperationName.Of(call.Request, call.Target);
        FindBucket(call);
        if (call.Key is not null && !ObjectKey.IsValid(call.Key, out var reason))
        {
            throw Refusals.InvalidObjectName(call.Key, reason);
        }

        // A form says in its own fields who sends it.
        if (call.Operation != OperationName.PostObject)
        {
            call.Caller = _authentication.CallerOf(verification);
            _authorization.Require(call, call.Header);
            UnsupportedHeaders.Refuse(call.Operation, call.Header);
        }

        if (!_operations.TryGetValue(call.Operation, out var operation))
        {
            throw Refusals.NotImplemented(call.Operation);
        }

        // A form says in its own fields what it is about and how fast it may come.
        if (call.Operation != OperationName.PostObject)
        {
            await _disturbances.BeginAsync(call, cancellationToken);
        }

        await operation.ExecuteAsync(call, cancellationToken);
    }

    private void FindBucket(OssCall call)
    {
        if (call.Target.Bucket is not { } name)
        {
            return;
        }

        if (!ObjectKey.IsValidBucket(name))
        {
            throw Refusals.InvalidBucketName(name);
        }

        if (_buckets.Find(name) is { } bucket)
        {
            call.Bucket = bucket;
        }
        else if (call.Operation != OperationName.PutBucket)
        {
            throw Refusals.NoSuchBucket(name);
        }
    }

    private void WriteCommonHeaders(OssCall call, long started)
    {
        var headers = call.Response.Headers;
        headers.Server = "AliyunOSS";
        headers.Date = _options.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        headers["x-oss-request-id"] = call.RequestId;
        CorsHeaders.Write(call, _buckets);
        headers["x-oss-server-time"] = _options.Clock.GetElapsedTime(started).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
    }

    // Once: a connection that breaks may do so before or after the reply has begun.
    private void Record(OssCall call, int status)
    {
        if (call.IsRecorded)
        {
            return;
        }

        call.IsRecorded = true;
        _requests.Add(new RecordedRequest(
            call.Operation, call.Target.Bucket, call.Key, call.Target.Parameter("uploadId"), call.PartNumber, status, call.ErrorCode, call.BytesReceived,
            _options.Clock.GetUtcNow())
        {
            RequestId = call.RequestId,
            Signature = call.Signature,
            AccessKeyId = call.Caller.AccessKeyId,
            Faults = call.Plan?.Kinds ?? [],
        });
        Log.Served(_logger, status, call.Operation, call.Target.Bucket, call.Key, call.BytesReceived, call.ErrorCode, call.RequestId);
    }
}
