using System.Diagnostics.CodeAnalysis;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A job as it is asked for, by HTTP or as a message on queue <c>bulk-uploads</c>.</summary>
public sealed record BulkUploadJob
{
    private const int MaxIdLength = 64;

    /// <summary>Version of the document; 1, also when it is left out.</summary>
    public int? V { get; init; }

    /// <summary>Id of the job: 4 to 64 of A-Z a-z 0-9 - _; null: one is made. The same id again is the same job.</summary>
    public string? Id { get; init; }

    /// <summary>Where the bytes are.</summary>
    public BulkUploadSource? Source { get; init; }

    /// <summary>Object key to upload to.</summary>
    public string? Key { get; init; }

    /// <summary>Content type to store it with.</summary>
    public string? ContentType { get; init; }

    /// <summary>Bytes of a part; null: the app's setting.</summary>
    public long? PartSize { get; init; }

    /// <summary>Whether to fail when the key is taken.</summary>
    public bool ForbidOverwrite { get; init; }

    /// <summary>Attempts made before; set by the app when it tries again.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether <paramref name="id"/> can be an id of a job.</summary>
    internal static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: >= 4 and <= MaxIdLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The document as it is kept: all that is left out filled in, and nothing of a single attempt.</summary>
    internal BulkUploadJob Kept(string id) => this with { V = 1, Id = id, Attempt = 0 };

    /// <summary>What is wrong with the document, if anything.</summary>
    internal Problem? Refuse() =>
        V is not (null or 1) ? Problem.InvalidJob.With($"v is {V}; this app knows version 1.")
        : Id is not null && !IsId(Id) ? Problem.InvalidJob.With($"id must be 4 to {MaxIdLength} of A-Z a-z 0-9 - _.")
        : !ObjectKey.IsValid(Key, out var reason) ? Problem.InvalidKey.With(reason)
        : (Source ?? new()).Refuse() is { } wrong ? Problem.InvalidJob.With(wrong)
        : PartSize is < OssLimits.MinPartSize or > OssLimits.MaxSimpleUploadSize
            ? Problem.InvalidJob.With($"partSize must be from {OssLimits.MinPartSize} to {OssLimits.MaxSimpleUploadSize} bytes.")
        : ContentType is not null && !OssCallbackFunctions.ContentType.IsValid(ContentType) ? Problem.InvalidContentType.With("contentType is no media type such as image/png.")
        : null;
}
