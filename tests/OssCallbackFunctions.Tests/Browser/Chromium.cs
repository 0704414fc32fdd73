using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>A headless Chromium with one page open, and a profile of its own.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

    /// <summary>Opens a page.</summary>
    /// <param name="url">URL of the page.</param>
    /// <param name="folder">Folder for the profile and the log.</param>
    /// <exception cref="InvalidOperationException">There is no Chromium; the message says how to get one.</exception>
    public static ChildProcess Open(string url, string folder)
    {
        Directory.CreateDirectory(folder);

        // Without a sandbox, since root has none; it sees pages of this machine alone. With a debugging port it stays when the page has loaded.
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--enable-logging=stderr", "--remote-debugging-port=0", $"--user-data-dir={Path.Combine(folder, "profile")}", url,
        ];
        return ChildProcess.Start("Chromium", Find(), arguments, folder, Path.Combine(folder, "chromium.log"));
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium on PATH: 'apt-get install -y --no-install-recommends chromium', or set CHROMIUM_PATH to one.");
    }
}
