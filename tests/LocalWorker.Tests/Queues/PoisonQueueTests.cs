using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LocalWorker.Tests.Queues;

public sealed class PoisonQueueTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string?> ThreeAttempts = new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "3" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_a_message_that_has_failed_as_often_as_host_json_allows()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueFail", ThreeAttempts);
        await host.SendAsync("x");
        Assert.Equal("x", Decode(await host.NextPoisonAsync()));
        Assert.Equal([1L, 2L, 3L], await host.Seen.NextAsync(3));
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.True(host.Seen.IsEmpty);
    }

    [Fact]
    public async Task Takes_a_message_that_is_no_valid_json_after_all_attempts()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueJob", ThreeAttempts);
        await host.SendAsync("{ not json");
        Assert.Equal("{ not json", Decode(await host.NextPoisonAsync()));
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.True(host.Seen.IsEmpty);
    }

    [Fact]
    public async Task Takes_a_message_that_is_not_base64_at_once_and_as_it_is()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueText", queue: azurite.NewQueue(encoding: QueueMessageEncoding.None));
        await host.SendAsync("not base64!");
        Assert.Equal("not base64!", (await host.NextPoisonAsync()).Body.ToString());
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.True(host.Seen.IsEmpty);
    }

    [Fact]
    public async Task Takes_a_message_unread_when_its_attempts_ended_with_the_process()
    {
        var queue = azurite.NewQueue();
        await queue.CreateAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("x", Cancellation);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            QueueMessage message = await queue.ReceiveMessageAsync(cancellationToken: Cancellation);
            await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: Cancellation);
        }

        await using var host = await QueueHost.StartAsync(azurite, "QueueText", ThreeAttempts, queue);
        Assert.Equal("x", Decode(await host.NextPoisonAsync()));
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.True(host.Seen.IsEmpty);
    }

    [Fact]
    public async Task Has_no_poison_queue_of_its_own()
    {
        await using var host = await QueueHost.StartAsync(
            azurite, "QueueFail", new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "1" }, azurite.NewQueue("-poison"));
        await host.SendAsync("x");
        Assert.Equal(1L, await host.Seen.NextAsync());
        Assert.Equal(1, await host.StopAndCountAsync());
        Assert.Null((await host.Queue.PeekMessageAsync(Cancellation)).Value);
        Assert.False(await host.Poison.ExistsAsync(Cancellation));
    }

    private static string Decode(QueueMessage message) => Encoding.UTF8.GetString(Convert.FromBase64String(message.Body.ToString()));
}
