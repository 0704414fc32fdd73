using System.Text.Json;
using Azure.Storage.Queues;

namespace Sandbox;

/// <summary>The app as an outside client sees it: its HTTP endpoints, and the queues at its two ends.</summary>
public sealed class AppClient : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly AppHttp _http;
    private readonly QueueClient _jobs;
    private readonly QueueClient _events;
    private readonly HashSet<string> _eventIds = [];

    /// <summary>A client of the app that a stack runs.</summary>
    public AppClient(Stack stack)
    {
        _http = new AppHttp(stack.App.Url, stack.FunctionKey);
        var options = new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = QueueMessageEncoding.Base64 };
        _jobs = new QueueClient(stack.StorageConnectionString, "bulk-uploads", options);
        _events = new QueueClient(stack.StorageConnectionString, "upload-events", options);
    }

    /// <inheritdoc cref="AppHttp.PostAsync"/>
    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) => _http.PostAsync(path, body, cancellationToken);

    /// <summary>Puts a job on the queue, as ops teams do.</summary>
    public async Task EnqueueAsync(object job, CancellationToken cancellationToken)
    {
        await _jobs.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await _jobs.SendMessageAsync(JsonSerializer.Serialize(job, JsonSerializerOptions.Web), cancellationToken);
    }

    /// <inheritdoc cref="AppHttp.FindJobAsync"/>
    public Task<JsonElement?> FindJobAsync(string id, CancellationToken cancellationToken) => _http.FindJobAsync(id, cancellationToken);

    /// <summary>Asks for a job again and again until it succeeded.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has the reason.</exception>
    /// <exception cref="TimeoutException">It goes on for longer than <paramref name="timeout"/>.</exception>
    public async Task<JsonElement> WaitForJobAsync(string id, Action<long> onBytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            while (true)
            {
                if (await FindJobAsync(id, deadline.Token) is { } job)
                {
                    onBytes(job.GetProperty("bytesDone").GetInt64());
                    switch (job.GetProperty("state").GetString())
                    {
                        case "Succeeded":
                            return job;
                        case "Failed":
                            throw new InvalidOperationException($"The bulk upload failed: {job.GetProperty("error").GetProperty("message").GetString()}");
                    }
                }

                await Task.Delay(PollInterval, deadline.Token);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The bulk upload {id} is not done after {timeout.TotalSeconds:0} s.", e);
        }
    }

    /// <summary>Waits for the event that tells of an upload.</summary>
    /// <returns>False when it has not come in time.</returns>
    public async Task<bool> WaitForEventAsync(string uploadId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var id = uploadId + ".verified";
        for (var end = DateTime.UtcNow + timeout; !_eventIds.Contains(id) && DateTime.UtcNow < end;)
        {
            await _events.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            var messages = (await _events.ReceiveMessagesAsync(32, cancellationToken: cancellationToken)).Value;
            foreach (var message in messages)
            {
                using var happened = JsonDocument.Parse(message.Body.ToString());
                _eventIds.Add(happened.RootElement.GetProperty("id").GetString()!);
                await _events.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
            }

            if (messages.Length == 0)
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        return _eventIds.Contains(id);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
