using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues.Models;
using LocalWorker.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LocalWorker.Tests.Queues;

public sealed class MessageLeaseTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Visibility = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_renewed_at_half_time_while_the_work_goes_on_and_deletes_with_the_newest_receipt()
    {
        var renewals = new CountUpdates();
        var queue = azurite.Queue($"q{Guid.NewGuid():n}", configure: options => options.AddPolicy(renewals, HttpPipelinePosition.PerCall));
        await queue.CreateAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("x", Cancellation);
        QueueMessage message = await queue.ReceiveMessageAsync(Visibility, Cancellation);
        var time = new FakeTimeProvider();
        var lease = new MessageLease(queue, message, Visibility, time, NullLogger.Instance);
        var work = new TaskCompletionSource<string>();

        var result = lease.RenewWhileAsync(() => work.Task);
        time.Advance((Visibility / 2) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, renewals.Count);
        while (renewals.Count < 2)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Cancellation);
        }

        work.SetResult("done");
        Assert.Equal("done", await result);
        Assert.All(renewals.Queries, query => Assert.Contains("visibilitytimeout=600", query, StringComparison.Ordinal));

        await lease.DeleteAsync();
        QueueProperties properties = await queue.GetPropertiesAsync(Cancellation);
        Assert.Equal(0, properties.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Keeps_the_text_of_the_message_when_it_is_released()
    {
        var queue = azurite.NewQueue();
        await queue.CreateAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("x", Cancellation);
        QueueMessage message = await queue.ReceiveMessageAsync(Visibility, Cancellation);
        var lease = new MessageLease(queue, message, Visibility, TimeProvider.System, NullLogger.Instance);

        await lease.ReleaseAsync(TimeSpan.Zero);

        QueueMessage? again = await queue.ReceiveMessageAsync(cancellationToken: Cancellation);
        Assert.Equal("x", again?.Body.ToString());
    }

    private sealed class CountUpdates : HttpPipelineSynchronousPolicy
    {
        private readonly ConcurrentQueue<string> _queries = new();

        public int Count => _queries.Count;

        public IEnumerable<string> Queries => _queries;

        public override void OnReceivedResponse(HttpMessage message)
        {
            if (message.Request.Method == RequestMethod.Put && message.Request.Uri.Query.Contains("popreceipt", StringComparison.OrdinalIgnoreCase))
            {
                _queries.Enqueue(message.Request.Uri.Query);
            }
        }
    }
}
