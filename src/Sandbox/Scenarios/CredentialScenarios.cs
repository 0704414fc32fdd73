using System.Diagnostics;
using System.Text.Json;

namespace Sandbox.Scenarios;

/// <summary>An HTML form's upload: fields from the app, the file last, straight to OSS.</summary>
internal sealed class FormUpload : Scenario
{
    public override string Name => "c. form upload (PostObject)";

    public override string Key => "表单/photo (1).jpg";

    public override long Size => 5 * 1024 * 1024 + 1;

    protected override async Task<(string UploadId, string CallbackSaid)> UploadAsync(
        Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var form = await app.PostAsync("/api/uploads/form-post", new { key = Key, contentType = "image/jpeg", size = file.Size }, cancellationToken);
        using var content = new MultipartFormDataContent();
        foreach (var field in form.GetProperty("fields").EnumerateObject())
        {
            content.Add(new StringContent(field.Value.GetString()!), Quoted(field.Name));
        }

        await using var bytes = new ProgressStream(File.OpenRead(file.Path), onBytes);
        content.Add(new StreamContent(bytes), Quoted("file"), Quoted(file.Name));
        using var http = new HttpClient();
        using var response = await http.PostAsync(form.GetProperty("url").GetString(), content, cancellationToken);
        var reply = await response.Content.ReadAsStringAsync(cancellationToken);
        return (form.GetProperty("id").GetString()!, (int)response.StatusCode == 200 ? State(reply) : $"HTTP {(int)response.StatusCode}: {reply}");
    }

    private static string Quoted(string name) => $"\"{name}\"";
}

/// <summary>A presigned PUT by curl, or by this program where there is no curl.</summary>
internal sealed class PresignedPutUpload : Scenario
{
    private readonly bool _hasCurl = HasCurl();

    public override string Name => _hasCurl ? "e. presigned PUT, by curl" : "e. presigned PUT";

    public override string Key => "预签名/a+b=c & d.bin";

    public override long Size => 16 * 1024 * 1024 + 3;

    protected override async Task<(string UploadId, string CallbackSaid)> UploadAsync(
        Stack stack, AppClient app, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var put = await app.PostAsync("/api/uploads/presigned-put", new { key = Key, size = file.Size }, cancellationToken);
        var reply = _hasCurl
            ? await CurlAsync(put, file, stack.Folder, cancellationToken)
            : await SendAsync(put, file, onBytes, cancellationToken);
        onBytes(file.Size);
        return (put.GetProperty("id").GetString()!, State(reply));
    }

    private static async Task<string> SendAsync(JsonElement put, SourceFile file, Action<long> onBytes, CancellationToken cancellationToken)
    {
        await using var bytes = new ProgressStream(File.OpenRead(file.Path), onBytes);
        using var request = new HttpRequestMessage(
            HttpMethod.Put, new Uri(put.GetProperty("url").GetString()!, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = new StreamContent(bytes),
        };
        foreach (var header in put.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }

        using var http = new HttpClient();
        using var response = await http.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task<string> CurlAsync(JsonElement put, SourceFile file, string folder, CancellationToken cancellationToken)
    {
        var reply = Path.Combine(folder, "curl-reply.json");
        List<string> arguments = ["--silent", "--show-error", "--max-time", "120", "--output", reply, "--upload-file", file.Path];
        foreach (var header in put.GetProperty("headers").EnumerateObject())
        {
            arguments.AddRange(["--header", $"{header.Name}: {header.Value.GetString()}"]);
        }

        arguments.Add(put.GetProperty("url").GetString()!);
        await using var curl = ChildProcess.Start("curl", "curl", arguments, folder, Path.Combine(folder, "curl.log"));
        return await curl.WaitForExitAsync(cancellationToken) == 0
            ? await File.ReadAllTextAsync(reply, cancellationToken)
            : throw new InvalidOperationException($"curl failed: {curl.LogTail(3)}");
    }

    private static bool HasCurl()
    {
        try
        {
            using var curl = Process.Start(new ProcessStartInfo("curl", ["--version"]) { RedirectStandardOutput = true })!;
            curl.StandardOutput.ReadToEnd();
            curl.WaitForExit();
            return curl.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
