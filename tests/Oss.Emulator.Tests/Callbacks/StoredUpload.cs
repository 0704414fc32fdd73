using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

/// <summary>An upload at the point where its object is stored and the callback comes: for what no request can ask for.</summary>
internal sealed class StoredUpload : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Recording<RecordedCallback> _callbacks = new();
    private readonly CallbackKey _key;
    private readonly UploadCallbacks _subject;
    private readonly Bucket _bucket;

    public StoredUpload()
    {
        _key = new CallbackKey(
            () =>
            {
                using var key = System.Security.Cryptography.RSA.Create(2048);
                return key.ExportPkcs8PrivateKeyPem();
            },
            "http://127.0.0.1/key.pem");
        _subject = new UploadCallbacks(
            new CallbackRequest(_key, Clock), new CallbackCaller(new CallbackConnection([]), OssLimits.CallbackTimeout), _callbacks, Clock, NullLogger.Instance, _stopping.Token);
        _bucket = Bucket.Create(
            new BucketRecord { Name = TestOss.BucketName, Created = Clock.GetUtcNow() }, Path.Combine(_folder, TestOss.BucketName), Path.Combine(_folder, "unfinished"));
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public string PublicKeyPem => _key.PublicKeyPem;

    public IReadOnlyList<RecordedCallback> Callbacks => _callbacks.Entries;

    /// <summary>Calls back for an object that nobody finds in the bucket any more, and returns what the uploader gets.</summary>
    public async Task<(int Status, string Body)> AnswerAsync(CallbackParameter callback, CallbackFault fault = default)
    {
        var http = new DefaultHttpContext();
        using var reply = new MemoryStream();
        http.Response.Body = reply;
        var record = new ObjectRecord
        {
            Key = "k", ETag = "E", Type = "Normal", Size = 1, Crc64 = 1, LastModified = Clock.GetUtcNow(), Segments = [],
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/plain" },
        };
        await _subject.AnswerAsync(new OssCall(http) { Bucket = _bucket, Operation = "PutObject", CallbackFault = fault }, record, callback);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(reply.ToArray()));
    }

    /// <summary>Lets the clock run until something is done.</summary>
    public async Task RunClockAsync(Func<bool> isDone)
    {
        while (!isDone())
        {
            Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
