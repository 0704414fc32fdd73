namespace OssCallbackFunctions.BulkUploads;

/// <summary>A line (in CSV a record, which may have line breaks in quotes) of a manifest: an entry, or what is wrong with it.</summary>
/// <param name="Start">Byte offset at which it begins.</param>
/// <param name="Next">Byte offset to go on at.</param>
/// <param name="Entry">What it says, not yet checked by <see cref="ManifestEntry.Refuse"/>; null when there is an error.</param>
/// <param name="Error"><c>manifest_line_too_long</c>, <c>manifest_line_not_utf8</c> or <c>manifest_line_invalid</c>.</param>
/// <param name="Text">Its first characters, at most 200, for the report; cut at a URL's query, which may hold a signature.</param>
internal sealed record ManifestLine(long Start, long Next, ManifestEntry? Entry, BulkUploadError? Error, string? Text);

/// <summary>What has to be known of a manifest's beginning to go on in its middle.</summary>
/// <param name="Text">Header line of a CSV, at most 8 KiB; null for other formats, which have none.</param>
/// <param name="Next">Byte offset behind it.</param>
internal sealed record ManifestHeader(string? Text, long Next);
