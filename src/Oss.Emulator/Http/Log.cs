using Microsoft.Extensions.Logging;

namespace Oss.Emulator.Http;

/// <summary>Never a query or a header: signatures and policies are in them.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Status} {Operation} {Bucket}/{Key} {BytesReceived} bytes received {ErrorCode} {RequestId}")]
    public static partial void Served(ILogger logger, int status, string operation, string? bucket, string? key, long bytesReceived, string? errorCode, string requestId);

    [LoggerMessage(2, LogLevel.Information, "{Operation}: the connection broke: {Reason}")]
    public static partial void Broken(ILogger logger, string operation, string reason);

    [LoggerMessage(3, LogLevel.Error, "{Operation} failed.")]
    public static partial void Failed(ILogger logger, Exception exception, string operation);

    [LoggerMessage(4, LogLevel.Information, "Callback to {Host}: {Outcome}")]
    public static partial void CalledBack(ILogger logger, string host, string outcome);
}
