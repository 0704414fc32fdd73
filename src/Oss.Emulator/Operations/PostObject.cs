using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Forms;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>Stores the file of an HTML form. The form's policy, and nothing else, says who may.</summary>
internal sealed class PostObject(Authentication authentication, UploadCallbacks callbacks, TimeProvider clock) : IOperation
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
        var forbidsOverwrite = string.Equals(form.Field("x-oss-forbid-overwrite"), "true", StringComparison.OrdinalIgnoreCase);
        var callback = CallbackOfRequest.Read(form.Fields);
        var headers = ObjectHeaders.From(form.Fields);
        headers["Content-Type"] = form.Field("x-oss-content-type") ?? form.File.ContentType ?? form.Field("Content-Type") ?? headers["Content-Type"];

        using var incoming = await ReceiveAsync(call, form, policy, cancellationToken);
        await reader.ReadToEndAsync(cancellationToken);
        var record = incoming.ToObject(call.RequiredKey, headers, clock.GetUtcNow());
        call.Bucket.Objects.Publish(record, forbidsOverwrite);
        incoming.Keep();

        ObjectHeaders.WriteChecksums(call, record);
        await (callback is null ? FormReply.WriteAsync(call, form, record) : callbacks.AnswerAsync(call, record, callback));
    }

    /// <summary>Checks signature, policy and key. The policy speaks of the key as it was sent, before the file's name is put in.</summary>
    private PostPolicyDocument Authorize(OssCall call, UploadForm form)
    {
        authentication.Require(form.Fields);
        if (call.Key is null)
        {
            throw Refusals.InvalidArgument("key", null, "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.");
        }

        if (!PostPolicyDocument.TryParse(form.Field("policy")!, out var policy, out var error))
        {
            throw new OssException(error);
        }

        return policy.Check(form.Fields, call.Bucket.Name, clock.GetUtcNow()) is { } refusal ? throw new OssException(refusal)
            : ObjectKey.IsValid(call.Key, out var reason) ? policy
            : throw Refusals.InvalidObjectName(call.Key, reason);
    }

    private static async Task<IncomingSegment> ReceiveAsync(OssCall call, UploadForm form, PostPolicyDocument policy, CancellationToken cancellationToken)
    {
        try
        {
            var incoming = await IncomingSegment.ReceiveAsync(
                call.Bucket.Segments, PipeReader.Create(form.File.Body, LargeReads), policy.MaxSize, Refusals.FormFileTooLarge, count => call.BytesReceived += count, cancellationToken);
            if (incoming.Segment.Size >= policy.MinSize)
            {
                return incoming;
            }

            incoming.Dispose();
            throw Refusals.FormFileTooSmall(policy.MinSize, incoming.Segment.Size);
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            throw Refusals.FormCutOff();
        }
    }
}
