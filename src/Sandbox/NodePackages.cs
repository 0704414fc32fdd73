using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sandbox;

/// <summary>The npm packages that the sandbox and the tests need, in <c>node_modules</c> at the root of the repository.</summary>
public static class NodePackages
{
    /// <summary>Full path of <c>node_modules</c>.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "node_modules");

    /// <summary>Runs <c>npm ci</c> unless every package that <c>package.json</c> names is there already. Safe to call from several processes at once.</summary>
    /// <exception cref="InvalidOperationException">npm is missing or failed; the message has its last lines.</exception>
    public static async Task InstallAsync(CancellationToken cancellationToken = default)
    {
        if (AreInstalled())
        {
            return;
        }

        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Repository.Root)))[..16];
        using var turn = await WaitForTurnAsync(Path.Combine(Path.GetTempPath(), $"oss-callback-functions-npm-{name}"), cancellationToken);
        if (AreInstalled())
        {
            return;
        }

        var log = turn.Name + ".log";
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        await using var process = ChildProcess.Start("npm", npm, ["ci", "--no-audit", "--no-fund"], Repository.Root, log);
        if (await process.WaitForExitAsync(cancellationToken) != 0)
        {
            throw new InvalidOperationException($"'npm ci' failed; its output is in {log}:{Environment.NewLine}{process.LogTail()}");
        }
    }

    private static bool AreInstalled()
    {
        // npm writes the first when everything is in place.
        if (!File.Exists(Path.Combine(Folder, ".package-lock.json")))
        {
            return false;
        }

        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "package.json")));
        return manifest.RootElement.GetProperty("devDependencies").EnumerateObject().All(package => File.Exists(Path.Combine(Folder, package.Name, "package.json")));
    }

    /// <summary>A lock file that only one process can hold; waits for it.</summary>
    private static async Task<FileStream> WaitForTurnAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }
}
