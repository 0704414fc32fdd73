using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Tests.Queues;

public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("QueueText", "plain é")]
    [InlineData("QueueBytes", "plain é")]
    [InlineData("QueueBinaryData", "plain é")]
    [InlineData("QueueMessage", "1 plain é")]
    public async Task Hands_the_message_over_as_the_type_of_the_parameter_and_deletes_it(string function, string expected)
    {
        await using var host = await QueueHost.StartAsync(azurite, function);
        await host.SendAsync("plain é");
        Assert.Equal(expected, await host.Seen.NextAsync());
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.False(await host.Poison.ExistsAsync(Cancellation));
    }

    [Fact]
    public async Task Reads_json_into_an_object()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueJob");
        await host.SendAsync("""{"name":"a","SIZE":7}""");
        Assert.Equal(new Job("a", 7), await host.Seen.NextAsync());
        Assert.Equal(0, await host.StopAndCountAsync());
    }

    [Fact]
    public async Task Takes_text_as_it_is_when_host_json_says_there_is_no_encoding()
    {
        await using var host = await QueueHost.StartAsync(
            azurite, "QueueText", new() { ["AzureFunctionsJobHost:extensions:queues:messageEncoding"] = "none" }, azurite.NewQueue(encoding: QueueMessageEncoding.None));
        await host.SendAsync("not base64!");
        Assert.Equal("not base64!", await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Uses_the_connection_that_the_trigger_names()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueOtherConnection", new() { ["AzureWebJobsOtherStorage"] = azurite.ConnectionString });
        await host.SendAsync("x");
        Assert.Equal("x", await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Describes_the_message_in_the_binding_data_and_lets_its_own_properties_hide_that()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueContext", new() { ["LocalWorker:MessageVisibility"] = "6.00:00:00" });
        const string Message = """{"id":"mine","size":7,"DEQUEUECOUNT":"many","tags":["a", "b"],"none":null}""";
        await host.SendAsync(Message);
        var (context, size) = ((FunctionContext, int?))(await host.Seen.NextAsync())!;
        var data = context.BindingContext.BindingData;
        Assert.Equal(7, size);
        Assert.Equal("mine", data["Id"]);
        Assert.Equal("many", data["DequeueCount"]);
        Assert.Equal("""["a", "b"]""", data["Tags"]);
        Assert.Null(data["None"]);
        Assert.Equal(Message, data["QueueTrigger"]);
        Assert.NotEmpty((string)data["PopReceipt"]!);
        // How long the message is hidden, in one go.
        Assert.True(DateTimeOffset.Parse(((string)data["NextVisibleTime"]!).Trim('"'), null) > DateTimeOffset.UtcNow.AddDays(5));
        Assert.Contains("InsertionTime", data);
        Assert.Contains("ExpirationTime", data);
    }

    [Fact]
    public async Task Describes_a_message_that_is_no_json()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueContext");
        await host.SendAsync("plain");
        var (context, size) = ((FunctionContext, int?))(await host.Seen.NextAsync())!;
        Assert.Null(size);
        Assert.Equal("1", context.BindingContext.BindingData["dequeuecount"]);
    }

    [Fact]
    public async Task Waits_for_a_queue_that_has_been_deleted_to_come_back()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueText");
        await host.Queue.DeleteAsync(Cancellation);
        await Task.Delay(300, Cancellation);
        await host.Queue.CreateAsync(cancellationToken: Cancellation);
        await host.SendAsync("x");
        Assert.Equal("x", await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Works_on_no_more_messages_at_once_than_host_json_allows()
    {
        var queue = azurite.NewQueue();
        await queue.CreateAsync(cancellationToken: Cancellation);
        for (var message = 0; message < 6; message++)
        {
            await queue.SendMessageAsync($"{message}", Cancellation);
        }

        await using var host = await QueueHost.StartAsync(
            azurite,
            "QueueHold",
            new() { ["AzureFunctionsJobHost:extensions:queues:batchSize"] = "2", ["AzureFunctionsJobHost:extensions:queues:newBatchThreshold"] = "1" },
            queue);

        // A batch of two is more than the threshold: nothing is fetched until one is done.
        await host.Seen.NextAsync(2);
        await Task.Delay(500, Cancellation);
        Assert.True(host.Seen.IsEmpty);

        // Then the next two come, and three are in work.
        host.Seen.LetPass();
        var seen = (await host.Seen.NextAsync(3)).Cast<string>().ToArray();
        Assert.Single(seen, value => value.EndsWith(" done", StringComparison.Ordinal));
        await Task.Delay(500, Cancellation);
        Assert.True(host.Seen.IsEmpty);

        for (var message = 1; message < 6; message++)
        {
            host.Seen.LetPass();
        }

        await host.Seen.NextAsync(7);
        Assert.Equal(0, await host.StopAndCountAsync());
    }

    [Fact]
    public async Task Tries_again_after_a_failure_and_counts_the_attempts()
    {
        await using var host = await QueueHost.StartAsync(azurite, "QueueFailOnce");
        await host.SendAsync("x");
        Assert.Equal([1L, 2L], await host.Seen.NextAsync(2));
        Assert.Equal(0, await host.StopAndCountAsync());
        Assert.False(await host.Poison.ExistsAsync(Cancellation));
    }

    [Fact]
    public async Task Hides_a_message_after_a_failure_for_as_long_as_host_json_says()
    {
        await using var host = await QueueHost.StartAsync(
            azurite, "QueueFail", new() { ["AzureFunctionsJobHost:extensions:queues:visibilityTimeout"] = "01:00:00" });
        await host.SendAsync("x");
        Assert.Equal(1L, await host.Seen.NextAsync());
        Assert.Equal(1, await host.StopAndCountAsync());
        Assert.Null((await host.Queue.PeekMessageAsync(Cancellation)).Value);
        Assert.True(host.Seen.IsEmpty);
    }
}
