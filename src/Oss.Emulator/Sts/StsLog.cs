using Microsoft.Extensions.Logging;

namespace Oss.Emulator.Sts;

/// <summary>Never a parameter or a header: signatures, tokens and policies are in them.</summary>
internal static partial class StsLog
{
    [LoggerMessage(20, LogLevel.Information, "STS {Status} {Action} {ErrorCode} {RequestId}")]
    public static partial void Served(ILogger logger, int status, string action, string? errorCode, string requestId);

    [LoggerMessage(21, LogLevel.Information, "STS: the connection broke: {Reason}")]
    public static partial void Broken(ILogger logger, string reason);

    [LoggerMessage(22, LogLevel.Error, "STS failed.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
