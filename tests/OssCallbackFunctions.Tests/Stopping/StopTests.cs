using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Stopping;

/// <summary>Instances are asked to end (SIGTERM) one after the other, and started again, while uploads and jobs go on.</summary>
public sealed class StopTests(StoppedApp app) : IClassFixture<StoppedApp>
{
    private const int Stops = 6;
    private const int Uploaders = 4;
    private const int Objects = 100;
    private const int Parts = 100;
    private const int PartSize = 102_400;

    // The host gives functions 10 s; the rest is for the process, on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = $"{Guid.NewGuid():N}";

    [Fact]
    public async Task Instances_that_end_hand_their_work_back_and_nothing_is_lost_or_told_twice()
    {
        var large = RandomNumberGenerator.GetBytes((PartSize * Parts) - 1);
        Directory.CreateDirectory(Path.Combine(app.Stack.SourceFolder, _folder));
        await File.WriteAllBytesAsync(Path.Combine(app.Stack.SourceFolder, _folder + ".bin"), large);
        for (var i = 0; i < Objects; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(app.Stack.SourceFolder, _folder, $"{i:D3}"), RandomNumberGenerator.GetBytes(PartSize / 2));
        }

        // Both take longer than the stops, until they may go faster.
        var bandwidth = 5 * PartSize;
        var jobs = new List<string>
        {
            await SubmitAsync(new { source = new { file = _folder + ".bin" }, key = _folder, bandwidth }),
            await SubmitAsync(new { prefix = new { file = _folder }, destination = _folder + "/", bandwidth }),
        };
        await RunningApp.EventuallyAsync<object>(() => Task.FromResult(PartsSent().Any() ? (object)app : null));

        using var stopped = new CancellationTokenSource();
        var uploading = Enumerable.Range(0, Uploaders).Select(number => UploadAsync(number, stopped.Token)).ToList();
        for (var i = 0; i < Stops; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var instance = app.Instances[i % app.Instances.Count];
            Assert.True(await instance.StopAsync(Patience), $"Instance {i % app.Instances.Count} did not end within {Patience}.");
            await instance.StartAsync(default);
        }

        await stopped.CancelAsync();
        var uploads = (await Task.WhenAll(uploading)).SelectMany(ids => ids).ToList();
        foreach (var job in jobs)
        {
            using var faster = await app.Http.PatchAsJsonAsync($"/api/bulk-uploads/{job}", new { bandwidth = 0 });
            Assert.Equal("Succeeded", (await app.EndOfJobAsync(job)).GetProperty("state").GetString());
        }

        Assert.True(uploads.Count > Stops, $"{uploads.Count} uploads.");
        foreach (var id in uploads)
        {
            await app.EventsOfAsync(id);
        }

        for (var i = 0; i < Objects; i++)
        {
            await app.EventsOfAsync($"{jobs[1]}-{i}");
        }

        await app.EventsOfAsync(jobs[0]);
        Assert.Equal(uploads.Count + Objects + 1, app.AllEvents.Count);
        Assert.All(app.AllEvents.CountBy(told => told.GetProperty("id").GetString()!), told => Assert.Equal(1, told.Value));

        // Nobody was killed: each lane of an instance that ended may have been at a part, which it did not end.
        Assert.Equal(Enumerable.Range(1, Parts), PartsSent().Distinct().Order());
        Assert.InRange(PartsSent().Count(), Parts, Parts + (Stops * StoppedApp.MessagesOfInstance));
        Assert.Equal(Crc64.Compute(large), (await app.Oss.HeadObjectAsync(Stack.Bucket, _folder))!.Crc64);
        Assert.False(await app.Oss.ListMultipartUploadsAsync(Stack.Bucket).AnyAsync());
        foreach (var queue in (string[])["bulk-uploads", "bulk-upload-work", "upload-ledger"])
        {
            Assert.Empty(await app.DeadLettersAsync(queue).ToListAsync());
        }
    }

    private IEnumerable<int> PartsSent() => app.Stack.Oss.Requests.Where(request => request is { Operation: "UploadPart", Status: 200 } && request.Key == _folder).Select(request => request.PartNumber!.Value);

    private async Task<string> SubmitAsync(object job) => (await app.Client.PostAsync("/api/bulk-uploads", job, default)).GetProperty("id").GetString()!;

    /// <summary>Uploads one object after the other, with a credential of whichever instance answers.</summary>
    private async Task<List<string>> UploadAsync(int number, CancellationToken stop)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "x-functions-key", app.Stack.FunctionKey } } };
        var ids = new List<string>();
        for (var i = number; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using var lent = await http.PostAsJsonAsync($"{app.Instances[i % app.Instances.Count].Url}/api/uploads/presigned-put", new { key = $"{_folder}-{number}/{i}" }, CancellationToken.None);
                lent.EnsureSuccessStatusCode();
                var put = await lent.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
                var (status, body) = await app.PutAsync(put, [1, 2, 3]);
                Assert.True(status == System.Net.HttpStatusCode.OK, $"{status} {body}");
                ids.Add(put.GetProperty("id").GetString()!);
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                // It is down: the other is asked next.
                await Task.Delay(20, CancellationToken.None);
            }
        }

        return ids;
    }
}
