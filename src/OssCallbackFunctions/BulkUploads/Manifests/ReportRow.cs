namespace OssCallbackFunctions.BulkUploads;

/// <summary>What became of one object.</summary>
internal sealed record ReportRow
{
    /// <summary>Number of the object in its job, from 1 on.</summary>
    public required long Number { get; init; }

    /// <summary>Object key; null when none could be made.</summary>
    public string? Key { get; init; }

    /// <summary>Where the bytes are; written without a URL's query and user name.</summary>
    public BulkUploadSource? Source { get; init; }

    /// <summary>What became of it, in one word.</summary>
    public required string State { get; init; }

    /// <summary>Bytes.</summary>
    public long? Size { get; init; }

    /// <summary>ETag, without quotes.</summary>
    public string? ETag { get; init; }

    /// <summary>CRC-64/XZ, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed, or was left out.</summary>
    public BulkUploadError? Error { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Names of the columns, and of the members in JSON, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["number", "key", "source", "state", "size", "etag", "crc64", "attempts", "errorCode", "errorMessage", "started", "ended"];
}
