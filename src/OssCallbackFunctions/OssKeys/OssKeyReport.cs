using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Oss.Protocol;

namespace OssCallbackFunctions.OssKeys;

/// <summary>Has a key ready when the first request comes, and says which it is. Without one the app starts all the same: it may come.</summary>
internal sealed partial class OssKeyReport(OssKeySource keys, ILogger<OssKeyReport> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await keys.Signers.CurrentAsync(stoppingToken);
            LogKey(keys.Mode, keys.Role ?? "none", keys.KeyIdEnding, keys.Expires);
        }
        catch (AccessKeyUnavailableException)
        {
            LogNoKey(keys.Mode, keys.Role ?? "none", keys.LastError);
        }
        catch (OperationCanceledException)
        {
            // The app ends before it had a key.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "OSS requests are signed by {Mode}, role {Role}: the key's id ends with {KeyIdEnding}, expires {Expires:O}")]
    private partial void LogKey(OssKeyMode mode, string role, string? keyIdEnding, DateTimeOffset? expires);

    [LoggerMessage(Level = LogLevel.Error, Message = "OSS requests are to be signed by {Mode}, role {Role}, but there is no key: {Error}")]
    private partial void LogNoKey(OssKeyMode mode, string role, string? error);
}
