using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Oss.Emulator.Http;

namespace Oss.Emulator.Forms;

/// <summary>Reads multipart/form-data as it comes in: the fields into memory, within OSS's limits; the file not at all.</summary>
internal sealed class FormReader
{
    private const string FileField = "file";
    private const int MaxNameBytes = 8 * 1024;
    private const int MaxValueBytes = 2 * 1024 * 1024;
    private const int MaxBytesBeforeFile = 8 * 1024 * 1024;
    private const int MaxFields = 1000;
    private const int BufferSize = 128 * 1024;

    private readonly MultipartReader _parts;
    private readonly Action<long> _onBytes;

    private FormReader(MultipartReader parts, Action<long> onBytes)
    {
        _parts = parts;
        _onBytes = onBytes;
    }

    /// <summary>A reader of the request's body; refused when that is no form.</summary>
    public static FormReader Of(OssCall call)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.MalformedPost();
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > 200)
        {
            throw Refusals.MalformedPost();
        }

        // Room for names that are too long, so that they are refused as that.
        var parts = new MultipartReader(boundary.Value!, call.Request.Body, BufferSize) { HeadersLengthLimit = 32 * MaxNameBytes };
        return new FormReader(parts, count => call.BytesReceived += count);
    }

    /// <summary>Reads up to the file.</summary>
    public async Task<UploadForm> ReadToFileAsync(CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var before = 0;
        while (await NextAsync(cancellationToken) is var (name, fileName, section))
        {
            if (name.Equals(FileField, StringComparison.OrdinalIgnoreCase))
            {
                return new UploadForm(fields, section, fileName);
            }

            var (value, length) = await ValueAsync(name, section, cancellationToken);
            before += length;
            if (before > MaxBytesBeforeFile)
            {
                throw Refusals.FieldItemTooLong(name, MaxBytesBeforeFile, "0006-00000112");
            }

            if (fields.Count == MaxFields || !fields.TryAdd(name, value))
            {
                // Two values for one name: the policy might be held against one, and the other used.
                throw Refusals.InvalidArgument(name, value, $"The form has the field {name} twice, or too many fields.");
            }
        }

        throw Refusals.NoFileInForm();
    }

    /// <summary>Reads what follows the file: the end of the form, or fields that count for nothing, but no second file.</summary>
    public async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is var (name, _, _))
        {
            if (name.Equals(FileField, StringComparison.OrdinalIgnoreCase))
            {
                throw Refusals.SeveralFilesInForm();
            }
        }
    }

    private async Task<(string Name, string FileName, MultipartSection Section)?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _parts.ReadNextSectionAsync(cancellationToken) is not { } section)
            {
                return null;
            }

            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
            {
                throw Refusals.MalformedPost("0006-00000109");
            }

            // Backslashes are part of the name: some browsers send whole paths. Only a quote cannot stand for itself.
            var fileName = HeaderUtilities.RemoveQuotes(disposition.FileName).Value?.Replace("\\\"", "\"", StringComparison.Ordinal) ?? disposition.FileNameStar.Value ?? "";
            return Encoding.UTF8.GetByteCount(name) <= MaxNameBytes ? (name, fileName, section) : throw Refusals.FieldItemTooLong("", MaxNameBytes, "0006-00000110");
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not ConnectionResetException))
        {
            // Headers that are none, or a form that ends too early.
            throw Refusals.FormCutOff();
        }
    }

    private async Task<(string Value, int Length)> ValueAsync(string name, MultipartSection section, CancellationToken cancellationToken)
    {
        using var value = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int read; (read = await section.Body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                _onBytes(read);
                if (value.Length + read > MaxValueBytes)
                {
                    throw Refusals.FieldItemTooLong(name, MaxValueBytes, null);
                }

                value.Write(buffer, 0, read);
            }
        }
        catch (IOException e) when (e is not ConnectionResetException)
        {
            throw Refusals.FormCutOff();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (Encoding.UTF8.GetString(value.GetBuffer(), 0, (int)value.Length), (int)value.Length);
    }
}
