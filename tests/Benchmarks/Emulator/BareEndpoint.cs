using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Benchmarks.Emulator;

/// <summary>What the emulator cannot do without: a body into a new file, a file into a reply. Nothing is checked, named or hashed.</summary>
internal sealed class BareEndpoint(string folder, bool discards)
{
    private const int BufferSize = 256 * 1024;

    public async Task HandleAsync(HttpContext http)
    {
        var path = Path.Combine(folder, Path.GetFileName(http.Request.Path.Value!));
        if (HttpMethods.IsPut(http.Request.Method))
        {
            await (discards ? DiscardAsync(http.Request.BodyReader) : WriteAsync(http.Request.BodyReader, path));
            http.Response.ContentLength = 0;
        }
        else if (HttpMethods.IsDelete(http.Request.Method))
        {
            File.Delete(path);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await SendAsync(http.Response, path);
        }
    }

    private static async Task WriteAsync(PipeReader body, string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var pieces = new List<ReadOnlyMemory<byte>>();
        long size = 0;
        for (var completed = false; !completed;)
        {
            var result = await body.ReadAsync();
            completed = result.IsCompleted;
            if (!result.Buffer.IsEmpty)
            {
                size += Write(file, result.Buffer, size, pieces);
            }

            body.AdvanceTo(result.Buffer.End);
        }
    }

    private static long Write(SafeFileHandle file, ReadOnlySequence<byte> buffer, long offset, List<ReadOnlyMemory<byte>> pieces)
    {
        pieces.Clear();
        foreach (var piece in buffer)
        {
            pieces.Add(piece);
        }

        RandomAccess.Write(file, pieces, offset);
        return buffer.Length;
    }

    private static async Task DiscardAsync(PipeReader body)
    {
        for (var completed = false; !completed;)
        {
            var result = await body.ReadAsync();
            completed = result.IsCompleted;
            body.AdvanceTo(result.Buffer.End);
        }
    }

    private static async Task SendAsync(HttpResponse response, string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        response.ContentLength = length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        for (long offset = 0; offset < length;)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            await response.Body.WriteAsync(buffer.AsMemory(0, read));
            offset += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
