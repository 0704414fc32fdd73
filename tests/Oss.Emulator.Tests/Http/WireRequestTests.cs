using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Tests.Malformed;
using Oss.Protocol;
using Oss.Protocol.Tests;

namespace Oss.Emulator.Tests.Http;

/// <summary>Requests as official SDKs sent them, each to an emulator whose clock is set to its time.</summary>
public sealed class WireRequestTests(WireRequestTests.Emulators emulators) : IClassFixture<WireRequestTests.Emulators>
{
    public static TheoryData<string> Wire => Vector.Ids("wire-requests");

    [Theory]
    [MemberData(nameof(Wire))]
    public async Task Are_judged_right(string id)
    {
        var vector = Vector.Get("wire-requests", id);

        var (request, reply) = await SendAsync(vector, isKnown: true);

        Assert.Equal((vector.Expected.TextOrNull("bucket"), vector.Expected.TextOrNull("key")), (request.Bucket, request.Key));
        Assert.Equal((Scheme(vector), vector.Key.Id), (request.Signature, request.AccessKeyId));
        // What they ask for, parts and objects, may not be there; who asks is always known.
        Assert.False(request.Status is 401 or 403, reply);
        Assert.False(request.Status >= 500 && request.Status != 501, reply);
    }

    [Theory]
    [MemberData(nameof(Wire))]
    public async Task Are_refused_when_another_secret_signed_and_the_error_says_what_should_have_been_signed(string id)
    {
        var vector = Vector.Get("wire-requests", id);
        var isHead = vector.Input.Text("method") == "HEAD";

        var (request, reply) = await SendAsync(vector, isKnown: false);

        Assert.Equal((403, "SignatureDoesNotMatch", Scheme(vector), null), (request.Status, request.ErrorCode, request.Signature, request.AccessKeyId));
        Assert.Equal(!isHead, reply.Contains("<StringToSign>", StringComparison.Ordinal));
        Assert.Equal(!isHead && vector.Expected.Text("authScheme").StartsWith("v4", StringComparison.Ordinal), reply.Contains("<CanonicalRequest>", StringComparison.Ordinal));
    }

    private async Task<(RecordedRequest Request, string Reply)> SendAsync(Vector vector, bool isKnown)
    {
        var emulator = await emulators.StartedAsync(TimeOf(vector.Input), isKnown);
        var reply = Encoding.UTF8.GetString(await RawExchange.SendAsync(new Uri(emulator.Endpoint).Port, WireRequest.ToBytes(vector.Input, closes: true), isWhole: true));
        var id = reply.Split("\r\n").Single(line => line.StartsWith("x-oss-request-id: ", StringComparison.Ordinal))["x-oss-request-id: ".Length..];
        return (emulator.Requests.Single(request => request.RequestId == id), reply);
    }

    // A URL of five minutes has to be looked at within them.
    private static DateTimeOffset TimeOf(JsonElement input) =>
        V4Timestamp.TryParse(OssEncoding.ParseQuery(input.Text("target").Split('?', 2).ElementAtOrDefault(1) ?? "").FirstOrDefault(pair => pair.Key == "x-oss-date").Value, out var signed)
            ? signed
            : WireRequest.Time;

    private static SignatureScheme Scheme(Vector vector) => vector.Expected.Text("authScheme") switch
    {
        "v4-header" => SignatureScheme.V4Header,
        "v4-query" => SignatureScheme.V4Query,
        "v1-header" => SignatureScheme.V1Header,
        "v1-query" => SignatureScheme.V1Query,
        var other => throw new InvalidOperationException($"There is no scheme {other}."),
    };

    /// <summary>An emulator for each time, which knows the keys, or others of the same ids.</summary>
    public sealed class Emulators : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        private readonly ConcurrentDictionary<(DateTimeOffset Time, bool KnowsKeys), Lazy<Task<OssEmulator>>> _started = new();

        public Task<OssEmulator> StartedAsync(DateTimeOffset time, bool knowsKeys) => _started.GetOrAdd((time, knowsKeys), _ => new(() => StartAsync(time, knowsKeys))).Value;

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            foreach (var emulator in _started.Values)
            {
                await (await emulator.Value).DisposeAsync();
            }

            Directory.Delete(_folder, recursive: true);
        }

        private Task<OssEmulator> StartAsync(DateTimeOffset time, bool knowsKeys)
        {
            var vectors = Wire.Select(row => Vector.Get("wire-requests", row.Data)).ToArray();
            return OssEmulator.StartAsync(new OssEmulatorOptions
            {
                DataFolder = Path.Combine(_folder, $"{time.ToUnixTimeSeconds()}-{knowsKeys}"),
                Region = vectors.Select(vector => vector.Input.Text("region")).Distinct().Single(),
                AccessKeys = [.. vectors.Select(vector => vector.Key).Distinct().Select(key => knowsKeys ? key : key with { Secret = key.Secret + "0" })],
                Buckets = [.. vectors.Select(vector => vector.Expected.TextOrNull("bucket")).OfType<string>().Distinct()],
                Clock = new FakeTimeProvider(time),
                CallbackTimeout = TimeSpan.FromMilliseconds(500),
            });
        }
    }
}
