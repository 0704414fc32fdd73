using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads;

public sealed class UploadLanesTests
{
    [Theory]
    // objects, in flight, bandwidth: lanes of pages, objects of a page, lanes of parts, parts of a slice, bytes per second of a connection
    [InlineData(1, null, null, 1, 48, 16, 2, null)]
    [InlineData(48, null, null, 1, 48, 16, 2, null)]
    [InlineData(49, null, null, 2, 32, 16, 2, null)]
    [InlineData(100_000, null, null, 16, 4, 16, 2, null)]
    [InlineData(100_000, 1000, null, 16, 48, 16, 2, null)]
    [InlineData(100_000, 3, null, 3, 1, 16, 2, null)]
    [InlineData(100_000, null, 102_400L, 1, 1, 1, 1, 102_400L)]
    [InlineData(100_000, null, 1_024_000L, 10, 1, 1, 1, 102_400L)]
    [InlineData(100_000, 2, 1_024_000L, 2, 1, 1, 1, 512_000L)]
    [InlineData(3, null, 102_400_000L, 1, 48, 1, 1, 34_133_333L)]
    [InlineData(1, null, 102_400L, 1, 1, 1, 1, 102_400L)]
    [InlineData(1, null, 1_024_000L, 1, 10, 5, 2, 102_400L)]
    [InlineData(1, null, 102_400_000L, 1, 48, 16, 2, 3_200_000L)]
    public void Has_as_much_under_way_as_the_job_says_and_shares_its_bandwidth(
        long objects, int? inFlight, long? bandwidth, int pages, int objectsOfPage, int parts, int partsOfSlice, long? share)
    {
        var lanes = new UploadLanes(Options.Create(new BulkUploadOptions()));
        var job = new BulkUploadRecord
        {
            Id = "job-1", CreatedAt = default, UpdatedAt = default, Job = new BulkUploadJob(), Counts = new BulkUploadCounts(objects), Controls = new BulkUploadControls(ObjectsInFlight: inFlight, Bandwidth: bandwidth),
        };
        Assert.Equal(
            (pages, objectsOfPage, parts, partsOfSlice, share),
            (lanes.Pages(job), lanes.ObjectsOfPage(job, lanes.Pages(job)), lanes.Parts(job), lanes.PartsOfSlice(job), lanes.BandwidthOfConnection(job)));
    }

    [Theory]
    [InlineData(0, 0.0, 2.5)]
    [InlineData(0, 1.0, 5)]
    [InlineData(3, 1.0, 40)]
    [InlineData(10, 1.0, 600)]
    public void Pauses_longer_each_time_up_to_ten_minutes(int attempt, double jitter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Failure(jitter).RetryAfter(new IOException(), attempt));

    [Fact]
    public void Does_not_try_what_is_final_again_nor_oftener_than_allowed()
    {
        Assert.Null(Failure(1).RetryAfter(new IOException(), 11));
        Assert.Null(Failure(1).RetryAfter(new SourceException("source_changed", "It was changed."), 0));
    }

    [Fact]
    public void Waits_as_long_as_the_source_asks_for()
    {
        var busy = new SourceBusyException("The source is busy.", TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), Failure(1).RetryAfter(busy, 0));
        Assert.Equal(TimeSpan.FromHours(1), Failure(1).RetryAfter(new HttpRequestException("It was wrapped.", busy), 0));
    }

    private static BulkUploadFailure Failure(double jitter) => new(Options.Create(new BulkUploadOptions()), () => jitter);
}
