using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.Clients;

/// <summary>The curl program, and files for it.</summary>
internal sealed class Curl : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("curl-tests-").FullName;
    private int _runs;

    /// <summary>Writes a file that curl can send.</summary>
    /// <returns>Its full path.</returns>
    public string File(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Runs curl with arguments as a user would type them.</summary>
    /// <returns>Status, body and header lines of the last reply.</returns>
    public async Task<(int Status, string Body, IReadOnlyList<string> Headers)> RunAsync(params IEnumerable<string> arguments)
    {
        var run = Path.Combine(_folder, $"{Interlocked.Increment(ref _runs)}");
        await using var curl = Start(["--silent", "--show-error", "--max-time", "60", "--dump-header", run + ".headers", "--output", run + ".body", .. arguments], run + ".log");
        Assert.True(await curl.WaitForExitAsync(default) == 0, curl.LogTail());

        // After "100 Continue" comes the reply's own head.
        var heads = (await System.IO.File.ReadAllTextAsync(run + ".headers")).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = heads[^1].Split("\r\n");
        var body = System.IO.File.Exists(run + ".body") ? await System.IO.File.ReadAllTextAsync(run + ".body") : "";
        return (int.Parse(headers[0].Split(' ')[1], null), body, headers);
    }

    /// <summary>Sends a file with the headers that were lent.</summary>
    public Task<(int Status, string Body, IReadOnlyList<string> Headers)> PutAsync(JsonElement put, string file, params IEnumerable<string> further)
    {
        var headers = put.GetProperty("headers").EnumerateObject().SelectMany(header => (string[])["-H", $"{header.Name}: {header.Value.GetString()}"]);
        return RunAsync([.. headers, .. further, "-T", file, put.GetProperty("url").GetString()!]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ChildProcess Start(IEnumerable<string> arguments, string log)
    {
        try
        {
            return ChildProcess.Start("curl", "curl", arguments, _folder, log);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException("There is no curl on PATH: 'apt-get install -y --no-install-recommends curl'.", e);
        }
    }
}
