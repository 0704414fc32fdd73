using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Writes the entries that failed as a manifest in JSON lines, to be the next job's. They are as they were given, a URL's query included, without which it could not be read again: the
/// manifest is as secret as the one it comes from, unlike the report.
/// </summary>
internal sealed class FailedManifest(PipeWriter output) : IDisposable
{
    private const int FlushAt = 32 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json = new(output, Options);

    public void Dispose() => _json.Dispose();

    /// <summary>Writes an entry; bytes go out when enough of them are there, or <see cref="FlushAsync"/> is called.</summary>
    public async ValueTask WriteAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        Write("file", entry.Source.File);
        Write("url", entry.Source.Url);
        Write("blob", entry.Source.Blob);
        Write("oss", entry.Source.Oss);
        Write("key", entry.Key);
        if (entry.Size is { } size)
        {
            _json.WriteNumber("size", size);
        }

        Write("md5", entry.Md5);
        Write("sha256", entry.Sha256);
        Write("crc64", entry.Crc64);
        Write("contentType", entry.ContentType);
        if (entry.Metadata is { Count: > 0 } metadata)
        {
            _json.WriteStartObject("metadata");
            foreach (var (name, value) in metadata)
            {
                _json.WriteString(name, value);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
        if (output.UnflushedBytes >= FlushAt)
        {
            await output.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Sends what was written. The pipe stays open.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    private void Write(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }
}
