using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sandbox;

/// <summary>A process that this program started: its output goes to a log file, and it is stopped when it is disposed of.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int TerminateSignal = 15;

    private readonly Process _process;
    private readonly string _name;
    private readonly TextWriter _log;

    private ChildProcess(Process process, string name, string logPath)
    {
        _process = process;
        _name = name;
        LogPath = logPath;
        _log = TextWriter.Synchronized(new StreamWriter(new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
    }

    /// <summary>The file that standard output and standard error are appended to.</summary>
    public string LogPath { get; }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended, by itself or because it was stopped.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts <paramref name="fileName"/> with the arguments given, and <paramref name="environment"/> added to this process's own.</summary>
    /// <exception cref="InvalidOperationException">There is no such program.</exception>
    public static ChildProcess Start(
        string name, string fileName, IEnumerable<string> arguments, string workingDirectory, string logPath, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process, name, logPath);
        process.OutputDataReceived += (_, line) => child.Log(line.Data);
        process.ErrorDataReceived += (_, line) => child.Log(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{name} could not be started: '{fileName}' was not found on PATH.", e);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for the end of the process and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends the process at once, without any chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end (SIGTERM; on Windows it is killed) and waits; kills it after <paramref name="patience"/>.</summary>
    /// <returns>Whether it ended without being killed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        if (_process.HasExited)
        {
            return true;
        }

        if (OperatingSystem.IsWindows() || Kill(_process.Id, TerminateSignal) != 0)
        {
            await KillAsync();
            return false;
        }

        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>Peak resident memory in bytes so far; 0 when the process has ended.</summary>
    public long PeakWorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.PeakWorkingSet64;
        }
    }

    /// <summary>The last lines of the log, for an error message.</summary>
    public string LogTail(int lines = 15)
    {
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join(Environment.NewLine, reader.ReadToEnd().Split('\n').TakeLast(lines));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(15));
        _process.Dispose();
        await _log.DisposeAsync();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_name} ({Id})";

    private void Log(string? line)
    {
        if (line is null)
        {
            return;
        }

        try
        {
            _log.WriteLine(line);
        }
        catch (ObjectDisposedException)
        {
            // The last line of a process that is already disposed of.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
