using Oss.Emulator.Tests.Operations;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Storage;

/// <summary>Objects that share bytes while everything changes at once.</summary>
public sealed class SharedSegmentsTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_left_when_an_object_is_changed_copied_and_read_while_it_grows()
    {
        await using var oss = await TestOss.StartAsync();
        var pieces = Enumerable.Range(0, 60).Select(seed => TestOss.Bytes(1 + (seed * seed * 97 % 30_000), seed)).ToArray();
        var whole = Joined(pieces);
        async Task AppendAsync(int piece, int position) => (await oss.SendAsync(
            200, Request("POST", "log").With("append", null).With("position", $"{position}"), new ByteArrayContent(pieces[piece]))).Dispose();
        async Task CopyAsync(int turn) => (await oss.SendAsync(200, Request("PUT", $"copy{turn % 3}", ("x-oss-copy-source", $"/{Bucket}/log")))).Dispose();
        await AppendAsync(0, 0);
        await Task.WhenAll(CopyAsync(0), CopyAsync(1), CopyAsync(2));
        var growing = Task.Run(async () =>
        {
            for (int piece = 1, position = pieces[0].Length; piece < pieces.Length; position += pieces[piece++].Length)
            {
                await AppendAsync(piece, position);
            }
        });

        async Task UntilItIsWholeAsync(Func<int, Task> act)
        {
            for (var turn = 0; !growing.IsCompleted; turn++)
            {
                await act(turn);
            }
        }

        await Task.WhenAll(
            growing,
            UntilItIsWholeAsync(async turn => (await oss.SendAsync(200, Request("PUT", "log", ("x-oss-object-acl", turn % 2 == 0 ? "private" : "default")).With("acl", null))).Dispose()),
            UntilItIsWholeAsync(async _ => (await oss.SendAsync(204, Request("DELETE", "log").With("tagging", null))).Dispose()),
            UntilItIsWholeAsync(CopyAsync),
            UntilItIsWholeAsync(async _ =>
            {
                var read = await TestOss.DownloadAsync(oss.Client, "log");
                Assert.Equal(whole[..read.Length], read);
            }));

        Assert.Equal(whole, await TestOss.DownloadAsync(oss.Client, "log"));
        Assert.Equal(Crc64.Compute(whole), (await oss.Client.HeadObjectAsync(Bucket, "log"))?.Crc64);
        for (var copy = 0; copy < 3; copy++)
        {
            var head = await oss.Client.HeadObjectAsync(Bucket, $"copy{copy}");
            var content = await TestOss.DownloadAsync(oss.Client, $"copy{copy}");
            Assert.Equal(whole[..content.Length], content);
            Assert.Equal(head?.Crc64, Crc64.Compute(content));
        }

        foreach (var key in (string[])["log", "copy0", "copy1", "copy2"])
        {
            (await oss.SendAsync(204, Request("DELETE", key))).Dispose();
        }

        // Readers let go at the server's own pace.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (oss.SegmentFiles().Length > 0)
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
