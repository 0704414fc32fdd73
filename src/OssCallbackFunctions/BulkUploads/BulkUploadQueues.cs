using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The queues that carry bulk uploads: jobs, slices of parts, completions; JSON, version 1, safe to handle twice.</summary>
public sealed class BulkUploadQueues(StorageAccount storage)
{
    /// <summary>Jobs, from ops teams or from the HTTP endpoint.</summary>
    public const string Jobs = "bulk-uploads";

    /// <summary>Slices of parts.</summary>
    public const string Slices = "bulk-upload-slices";

    /// <summary>Objects to be made of their parts.</summary>
    public const string Completions = "bulk-upload-completions";

    private const string PoisonSuffix = "-poison";

    // Escaped, each character takes six bytes at most, and a message has 48 KiB.
    private const int MaxDeadText = 7 * 1024;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>Slices that the host gave up.</summary>
    public const string PoisonedSlices = Slices + PoisonSuffix;

    /// <summary>Completions that the host gave up.</summary>
    public const string PoisonedCompletions = Completions + PoisonSuffix;

    internal Task SendAsync(BulkUploadJob job, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Jobs, job, BulkUploadJson.Default.BulkUploadJob, delay, cancellationToken);

    internal Task SendAsync(UploadSlice slice, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Slices, slice, BulkUploadJson.Default.UploadSlice, delay, cancellationToken);

    internal Task SendAsync(UploadCompletion completion, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Completions, completion, BulkUploadJson.Default.UploadCompletion, delay, cancellationToken);

    /// <summary>Puts a message that cannot be used where the host puts those that fail again and again, with the reason.</summary>
    internal Task DeadLetterAsync(string queue, DeadLetter letter, CancellationToken cancellationToken) =>
        SendAsync(
            queue + PoisonSuffix,
            letter with { Message = letter.Message.Length > MaxDeadText ? letter.Message[..MaxDeadText] + " ..." : letter.Message },
            BulkUploadJson.Default.DeadLetter, null, cancellationToken);

    private async Task SendAsync<T>(string name, T message, JsonTypeInfo<T> type, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var queue = await storage.QueueAsync(name);
        await queue.SendMessageAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, type)), delay, Forever, cancellationToken);
    }
}
