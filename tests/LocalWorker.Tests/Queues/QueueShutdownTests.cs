using Azure.Storage.Queues.Models;

namespace LocalWorker.Tests.Queues;

public sealed class QueueShutdownTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancels_the_function_and_hands_its_message_back_at_once()
    {
        await using var host = await QueueHost.StartAsync(
            azurite, "QueueUntilCancelled", new() { ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "01:00:00" });
        await host.SendAsync("x");
        Assert.Equal("started", await host.Seen.NextAsync());
        Assert.Equal(1, await host.StopAndCountAsync());
        QueueMessage? again = await host.Queue.ReceiveMessageAsync(cancellationToken: Cancellation);
        Assert.Equal(2, again?.DequeueCount);
    }

    [Fact]
    public async Task Deletes_the_message_of_a_function_that_still_finishes()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueUntilCancelled");
        await host.SendAsync("finish");
        Assert.Equal("started", await host.Seen.NextAsync());
        Assert.Equal(0, await host.StopAndCountAsync());
    }

    [Fact]
    public async Task Waits_for_a_function_that_does_not_look_at_its_token()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueHold");
        await host.SendAsync("x");
        Assert.Equal("x", await host.Seen.NextAsync());
        var left = host.StopAndCountAsync();
        host.Seen.LetPass();
        Assert.Equal(0, await left);
        Assert.Equal("x done", await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Cancels_a_function_that_takes_longer_than_host_json_allows_and_counts_that_as_a_failure()
    {
        await using var host = await QueueHost.StartAsync(
            azurite,
            "QueueUntilCancelled",
            new() { ["AzureFunctionsJobHost:functionTimeout"] = "00:00:00.1", ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "2" });
        await host.SendAsync("x");
        await host.NextPoisonAsync();
        Assert.Equal(["started", "started"], await host.Seen.NextAsync(2));
        Assert.Equal(0, await host.StopAndCountAsync());
    }
}
