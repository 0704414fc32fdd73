using System.Diagnostics;
using System.Text.Json;
using Oss.Protocol;

namespace Sandbox.Scenarios;

/// <summary>One way to upload: what it is called, which file it sends, and how.</summary>
internal abstract class Scenario
{
    private static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The seed's name for it.</summary>
    public abstract string Name { get; }

    /// <summary>Object key; odd on purpose, since keys are any UTF-8.</summary>
    public abstract string Key { get; }

    /// <summary>Bytes to upload.</summary>
    public abstract long Size { get; }

    /// <summary>Uploads, and tells the upload's id and what the callback said.</summary>
    protected abstract Task<(string UploadId, string CallbackSaid)> UploadAsync(Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken);

    /// <summary>Uploads a new file, then checks everything an outsider can check: the callback's answer, the event, the object.</summary>
    public async Task<ScenarioResult> RunAsync(Stack stack, AppClient app, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var file = await SourceFile.CreateAsync(stack.SourceFolder, $"{GetType().Name}.bin", Size, Size.GetHashCode(), cancellationToken);
        var time = Stopwatch.StartNew();
        try
        {
            var (uploadId, callbackSaid) = await UploadAsync(stack, app, file, onBytes, cancellationToken);
            var elapsed = time.Elapsed;
            var failure = callbackSaid != "verified" ? "the callback was not verified"
                : !await app.WaitForEventAsync(uploadId, EventTimeout, cancellationToken) ? "no event came"
                : await CompareAsync(stack, file, cancellationToken);
            return new ScenarioResult(Name, file.Size, elapsed, callbackSaid, failure);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TimeoutException or OssException or JsonException or KeyNotFoundException)
        {
            return new ScenarioResult(Name, file.Size, time.Elapsed, "", e.Message);
        }
    }

    /// <summary>The member <c>state</c> of what the callback answered, or the whole answer.</summary>
    protected static string State(string callbackReply)
    {
        try
        {
            using var json = JsonDocument.Parse(callbackReply);
            return json.RootElement.GetProperty("state").GetString() ?? callbackReply;
        }
        catch (JsonException)
        {
            return callbackReply;
        }
    }

    private async Task<string?> CompareAsync(Stack stack, SourceFile file, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var oss = new OssClient(http, OssEndpoint.Parse(stack.Oss.Endpoint), new V4Signer(stack.AccessKey, Stack.Region), TimeProvider.System);
        var head = await oss.HeadObjectAsync(Stack.Bucket, Key, cancellationToken);
        return head is null ? "there is no object"
            : head.Size != file.Size ? $"the object has {head.Size} bytes"
            : head.Crc64 != file.Crc64 ? "the object's CRC64 is another"
            : null;
    }
}
