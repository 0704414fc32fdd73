using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Oss.Emulator.Callbacks;

/// <summary>Sends a call to one callback URL: a connection of its own, no redirects, a deadline for all of it.</summary>
internal sealed class CallbackCaller(CallbackConnection connection, TimeSpan timeout)
{
    /// <summary>Time for connection and answer, wall clock.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Sends the bytes and judges the answer.</summary>
    public async Task<CallbackOutcome> CallAsync(CallbackUrl url, bool sendsName, byte[] request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var stream = await connection.OpenAsync(url, sendsName, deadline.Token);
            await stream.WriteAsync(request, deadline.Token);
            return await CallbackAnswer.ReadAsync(stream, deadline.Token) is { } answer
                ? await CallbackReply.JudgeAsync(answer, deadline.Token)
                : CallbackOutcome.NoConnection();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Also when the time went by before there was a connection: the error number in OSS's message says just that.
            return CallbackOutcome.Timeout(url, Stopwatch.GetElapsedTime(started), timeout);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return CallbackOutcome.NoConnection();
        }
    }
}
