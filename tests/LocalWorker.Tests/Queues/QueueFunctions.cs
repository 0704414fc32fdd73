using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Tests.Queues;

public sealed record Job(string Name, int Size);

public sealed class QueueFunctions(Seen seen)
{
    [Function("QueueText")]
    public void Text([QueueTrigger("%TestQueue%")] string message) => seen.Add(message);

    [Function("QueueJob")]
    public void Job([QueueTrigger("%TestQueue%")] Job job) => seen.Add(job);

    [Function("QueueBytes")]
    public void Bytes([QueueTrigger("%TestQueue%")] byte[] message) => seen.Add(System.Text.Encoding.UTF8.GetString(message));

    [Function("QueueBinaryData")]
    public void BinaryData([QueueTrigger("%TestQueue%")] BinaryData message) => seen.Add(message.ToString());

    [Function("QueueMessage")]
    public void Message([QueueTrigger("%TestQueue%")] QueueMessage message) => seen.Add($"{message.DequeueCount} {message.Body}");

    [Function("QueueOtherConnection")]
    public void Other([QueueTrigger("%TestQueue%", Connection = "OtherStorage")] string message) => seen.Add(message);

    [Function("QueueContext")]
    public void Context([QueueTrigger("%TestQueue%")] string message, FunctionContext context, int? size) => seen.Add((context, size));

    [Function("QueueFail")]
    public void Fail([QueueTrigger("%TestQueue%")] QueueMessage message)
    {
        seen.Add(message.DequeueCount);
        throw new InvalidOperationException("It always fails.");
    }

    [Function("QueueFailOnce")]
    public async Task FailOnceAsync([QueueTrigger("%TestQueue%")] QueueMessage message)
    {
        await Task.Yield();
        seen.Add(message.DequeueCount);
        if (message.DequeueCount == 1)
        {
            throw new InvalidOperationException("It fails the first time.");
        }
    }

    [Function("QueueHold")]
    public async Task HoldAsync([QueueTrigger("%TestQueue%")] string message)
    {
        seen.Add(message);
        await seen.PassAsync();
        seen.Add($"{message} done");
    }

    [Function("QueueUntilCancelled")]
    public async Task UntilCancelledAsync([QueueTrigger("%TestQueue%")] string message, CancellationToken cancellationToken)
    {
        seen.Add("started");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException) when (message == "finish")
        {
        }
    }
}
