using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A job as it is asked for, by HTTP or as a message on queue <c>bulk-uploads</c>: one object, the objects of a manifest, or what is below a prefix.</summary>
public sealed record BulkUploadJob : ObjectOptions
{
    private const int MaxIdLength = 64;

    // As it stands in a property of its row, which has room for 32 Ki characters.
    private const int MaxLength = 30_000;
    private const int MaxObjectsInFlight = 1000;
    private const long MinBandwidth = 102_400;

    /// <summary>Version of the document; 1, also when it is left out.</summary>
    public int? V { get; init; }

    /// <summary>Id of the job: 4 to 64 of A-Z a-z 0-9 - _; null: one is made. The same id again is the same job.</summary>
    public string? Id { get; init; }

    /// <summary>Where the bytes of one object are.</summary>
    public BulkUploadSource? Source { get; init; }

    /// <summary>Object key to upload it to.</summary>
    public string? Key { get; init; }

    /// <summary>Bytes that it must have.</summary>
    public long? Size { get; init; }

    /// <summary>MD5 that it must have, hex or base64.</summary>
    public string? Md5 { get; init; }

    /// <summary>SHA-256 that it must have, hex or base64.</summary>
    public string? Sha256 { get; init; }

    /// <summary>CRC-64/XZ that it must have, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>A list of objects.</summary>
    public BulkUploadManifest? Manifest { get; init; }

    /// <summary>A folder whose objects are to be uploaded.</summary>
    public BulkUploadSource? Prefix { get; init; }

    /// <summary>Put before each key of a manifest or prefix, as it is.</summary>
    public string? Destination { get; init; }

    /// <summary>Bytes of a part; null: the app's setting.</summary>
    public long? PartSize { get; init; }

    /// <summary>Whether the job overtakes others.</summary>
    public BulkUploadPriority Priority { get; init; }

    /// <summary>Objects at a time, 1 to 1,000; null: the app's setting.</summary>
    public int? ObjectsInFlight { get; init; }

    /// <summary>Bytes per second of the whole job, 102,400 at least; null: not limited.</summary>
    public long? Bandwidth { get; init; }

    /// <summary>Whether nothing is stored, and only told what would be.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether OSS calls back and the objects are told of; null: yes.</summary>
    public bool? Callback { get; init; }

    /// <summary>Attempts made before; set by the app when it tries again.</summary>
    public int Attempt { get; init; }

    internal bool IsSingle => Source is not null;

    internal BulkUploadControls Controls => new(Priority, ObjectsInFlight, Bandwidth);

    /// <summary>Whether <paramref name="id"/> can be an id of a job.</summary>
    internal static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: >= 4 and <= MaxIdLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The document as it is kept: all that is left out filled in, and nothing of a single attempt.</summary>
    internal BulkUploadJob Kept(string id) => this with { V = 1, Id = id, Attempt = 0 };

    /// <summary>Whether it asks for the same.</summary>
    internal bool IsSame(BulkUploadJob other) => ToText() == other.ToText();

    internal ObjectFilter Filter => new(Include, Exclude);

    internal bool NeedsExisting => SkipExisting || Update;

    /// <summary>The one object, when it is one.</summary>
    internal ManifestEntry Entry() => new() { Source = Source!, Key = Key, Size = Size, Md5 = Md5, Sha256 = Sha256, Crc64 = Crc64 };

    /// <summary>Whether bad bounds are asked for, and which.</summary>
    internal static Problem? RefuseControls(int? objectsInFlight, long? bandwidth) =>
        objectsInFlight is < 1 or > MaxObjectsInFlight ? Problem.InvalidJob.With($"objectsInFlight must be from 1 to {MaxObjectsInFlight}.")
        : bandwidth is < MinBandwidth ? Problem.InvalidJob.With($"bandwidth must be at least {MinBandwidth} bytes per second.")
        : null;

    /// <summary>What is wrong with the document, if anything.</summary>
    internal Problem? Refuse() =>
        V is not (null or 1) ? Problem.InvalidJob.With($"v is {V}; this app knows version 1.")
        : Id is not null && !IsId(Id) ? Problem.InvalidJob.With($"id must be 4 to {MaxIdLength} of A-Z a-z 0-9 - _.")
        : RefuseKind() is { } kind ? kind
        : PartSize is < OssLimits.MinPartSize or > OssLimits.MaxSimpleUploadSize
            ? Problem.InvalidJob.With($"partSize must be from {OssLimits.MinPartSize} to {OssLimits.MaxSimpleUploadSize} bytes.")
        : RefuseControls(ObjectsInFlight, Bandwidth) is { } bound ? bound
        : RefuseOptions() is { } option ? option
        : ToText().Length > MaxLength ? Problem.InvalidJob.With($"The document has more than {MaxLength} characters: put the objects into a manifest.")
        : null;

    private Problem? RefuseKind() =>
        !IsSingle && Key is not null && Manifest is null && Prefix is null ? Problem.InvalidJob.With("source is missing.")
        : new object?[] { Source, Manifest, Prefix }.Count(kind => kind is not null) != 1 ? Problem.InvalidJob.With("There must be either source or manifest or prefix.")
        : IsSingle ? RefuseSingle()
        : (Key ?? Md5 ?? Sha256 ?? Crc64) is not null || Size is not null ? Problem.InvalidJob.With("key, size, md5, sha256 and crc64 belong to source; a manifest has them in its lines.")
        : (Manifest?.Refuse() ?? Prefix?.RefusePrefix()) is { } reason ? Problem.InvalidJob.With(reason)
        : Destination is { Length: > 0 } && !ObjectKey.IsValid(Destination, out var wrong) ? Problem.InvalidKey.With($"destination: {wrong}")
        : null;

    private Problem? RefuseSingle() =>
        !ObjectKey.IsValid(Key, out var reason) ? Problem.InvalidKey.With(reason)
        : Source!.Refuse() is { } source ? Problem.InvalidJob.With(source)
        : Destination is not null ? Problem.InvalidJob.With("destination belongs to manifest and prefix; a single object has its key.")
        : Entry().Refuse(null) is { } wrong ? Problem.InvalidJob.With(wrong.Message)
        : null;

    private string ToText() => JsonSerializer.Serialize(this with { Attempt = 0 }, BulkUploadJson.Default.BulkUploadJob);
}
