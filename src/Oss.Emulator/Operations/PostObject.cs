using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Oss.Emulator.Access;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Faults;
using Oss.Emulator.Forms;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Stores the file of an HTML form. The form's policy, and nothing else, says who may.</summary>
internal sealed class PostObject(
    Authentication authentication, Authorization authorization, UploadCallbacks callbacks, Disturbances disturbances, TimeProvider clock) : IOperation
{
    private const string FileNameVariable = "${filename}";
    private static readonly StreamPipeReaderOptions LargeReads = new(bufferSize: 256 * 1024, leaveOpen: true);

    public string Name => OperationName.PostObject;

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (call.Request.ContentLength is null)
        {
            throw Refusals.MissingContentLength();
        }

        var reader = FormReader.Of(call);
        var form = await reader.ReadToFileAsync(cancellationToken);
        UnsupportedHeaders.Refuse(Name, form.Field);
        call.Key = form.Field("key")?.Replace(FileNameVariable, form.FileName, StringComparison.Ordinal);
        var policy = Authorize(call, form);
        var content = await disturbances.BeginAsync(call, form, cancellationToken);
        var forbidsOverwrite = call.ForbidsOverwriteBy(form.Field("x-oss-forbid-overwrite"));
        var callback = CallbackOfRequest.Read(call, form.Fields);
        var description = FormHeaders.Of(call.Bucket, form);

        using var incoming = await ReceiveAsync(call, content, policy, cancellationToken);
        await reader.ReadToEndAsync(cancellationToken);
        var record = incoming.ToObject(call.RequiredKey, description, clock.GetUtcNow(), call.Bucket.NewVersionId());
        call.Bucket.Objects.Publish(record, forbidsOverwrite);
        incoming.Keep();

        ObjectHeaders.WriteChecksums(call, record);
        await (callback is null ? FormReply.WriteAsync(call, form, record) : callbacks.AnswerAsync(call, record, callback));
    }

    /// <summary>Checks signature, policy and key. The policy speaks of the key as it was sent, before the file's name is put in.</summary>
    private PostPolicyDocument? Authorize(OssCall call, UploadForm form)
    {
        var verification = authentication.Identify(form.Fields);
        call.Signature = verification.Scheme;
        call.Caller = authentication.CallerOf(verification);
        authorization.Require(call, form.Field);
        if (call.Key is null)
        {
            throw Refusals.InvalidArgument("key", null, "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.");
        }

        var policy = Policy(call, form);
        return ObjectKey.IsValid(call.Key, out var reason) ? policy : throw Refusals.InvalidObjectName(call.Key, reason);
    }

    /// <summary>The policy, which the form keeps to; null for an anonymous form, which only a public bucket takes.</summary>
    private PostPolicyDocument? Policy(OssCall call, UploadForm form)
    {
        if (form.Field("policy") is not { } text)
        {
            return null;
        }

        if (!PostPolicyDocument.TryParse(text, out var policy, out var error))
        {
            throw new OssException(error);
        }

        return policy.Check(form.Fields, call.Bucket.Name, clock.GetUtcNow()) is { } refusal ? throw new OssException(refusal) : policy;
    }

    private static async Task<IncomingSegment> ReceiveAsync(OssCall call, Stream content, PostPolicyDocument? policy, CancellationToken cancellationToken)
    {
        try
        {
            var incoming = await IncomingSegment.ReceiveAsync(
                call.Bucket.Segments, PipeReader.Create(content, LargeReads), policy?.MaxSize ?? OssLimits.MaxSimpleUploadSize, Refusals.FormFileTooLarge, count => call.BytesReceived += count, cancellationToken);
            var minSize = policy?.MinSize ?? 0;
            if (incoming.Segment.Size >= minSize)
            {
                return incoming;
            }

            incoming.Dispose();
            throw Refusals.FormFileTooSmall(minSize, incoming.Segment.Size);
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            throw Refusals.FormCutOff();
        }
    }
}
