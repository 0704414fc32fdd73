using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>A credential that arrived. Others may have been lent whose answer was lost: nobody knows of them but the ledger.</summary>
internal sealed record LentCredential(string Id, string Key, bool IsForm, byte[] Content, JsonElement Answer)
{
    public DateTimeOffset Expires => Answer.GetProperty("expires").GetDateTimeOffset();

    // An ETag says nothing of what is in an object of parts.
    public string Crc64 => Oss.Protocol.Crc64.ToText(Oss.Protocol.Crc64.Compute(Content));
}

/// <summary>An app that lends from whichever instance answers, and an uploader that tries again until it is told that the object is stored: with patience, not for ever.</summary>
internal sealed class ChaosClient(RunningApp app, IReadOnlyList<string> instances) : IDisposable
{
    private const int LendAttempts = 100;
    private const int UploadAttempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = Http(app);
    private int _lendRetries;
    private int _uploadRetries;
    private int _notUploaded;

    public int LendRetries => _lendRetries;

    public int UploadRetries => _uploadRetries;

    /// <summary>Uploads that the uploader gave up.</summary>
    public int NotUploaded => _notUploaded;

    /// <summary>Asks for a credential, at one instance after the other while they are down.</summary>
    public Task<LentCredential> LendAsync(string key, PlannedCredential planned)
    {
        var size = planned.NamesSize ? planned.Content.Length : (int?)null;
        return planned.IsForm
            ? LendAsync(key, planned, "/form-post", new { key, size })
            : LendAsync(key, planned, "/presigned-put", new { key, size, callback = planned.HasCallbackInHeader ? "header" : "query" });
    }

    /// <summary>Begins an upload in one part.</summary>
    public Task<LentCredential> BeginAsync(string key, PlannedCredential planned) => LendAsync(key, planned, "", new { key, kind = "multipart", size = planned.Content.Length });

    private async Task<LentCredential> LendAsync(string key, PlannedCredential planned, string kind, object asked)
    {
        for (var attempt = 0; attempt < LendAttempts; attempt++)
        {
            var instance = instances[(planned.Content[0] + attempt) % instances.Count];
            try
            {
                using var response = await _http.PostAsJsonAsync($"{instance}/api/uploads{kind}", asked);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                    return new LentCredential(answer.GetProperty("id").GetString()!, key, planned.IsForm, planned.Content, answer);
                }

                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                // It is down, or went down with the request.
            }

            Interlocked.Increment(ref _lendRetries);
            await Task.Delay(Pause);
        }

        throw new TimeoutException("No instance lends.");
    }

    /// <summary>Uploads, again when it is not known to be stored. 203 says that it is stored and that the callback failed.</summary>
    public async Task UploadAsync(LentCredential lent)
    {
        for (var attempt = 0; attempt < UploadAttempts; attempt++)
        {
            try
            {
                var (status, _) = lent.IsForm ? await app.SendFormAsync(lent.Answer, lent.Content) : await app.PutAsync(lent.Answer, lent.Content);
                if (status is HttpStatusCode.OK or HttpStatusCode.NonAuthoritativeInformation)
                {
                    return;
                }

                if (status == HttpStatusCode.Forbidden && lent.Expires <= DateTimeOffset.UtcNow)
                {
                    // The other credential took so long, or the attempts before.
                    break;
                }

                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The connection was reset: it may be stored or not.
            }

            Interlocked.Increment(ref _uploadRetries);
            await Task.Delay(Pause);
        }

        Interlocked.Increment(ref _notUploaded);
    }

    /// <summary>Sends the part, and has the upload completed by one instance after the other until it is, or its grant is over.</summary>
    public async Task UploadInPartsAsync(LentCredential lent)
    {
        var begun = lent.Answer.GetProperty("multipart");
        using var part = await app.Outside.PutAsync(RunningApp.Raw(begun.GetProperty("parts")[0].GetProperty("url").GetString()!), new ByteArrayContent(lent.Content));
        Assert.Equal(HttpStatusCode.OK, part.StatusCode);
        var parts = JsonSerializer.Serialize(SessionClient.Parts((1, part.Headers.ETag!.Tag)));
        var path = new Uri(lent.Answer.GetProperty("endpoint").GetString()!).AbsolutePath + SessionClient.Path(begun.GetProperty("uploadId").GetString()!, lent.Key, "/complete");
        for (var attempt = 0; lent.Expires > DateTimeOffset.UtcNow; attempt++)
        {
            try
            {
                using var response = await _http.PostAsync(RunningApp.Raw(instances[attempt % instances.Count] + path), new StringContent(parts, null, "application/json"));
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable || lent.Expires <= DateTimeOffset.UtcNow, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                // It is down, or went down with the request: the upload may be completed or not.
            }

            Interlocked.Increment(ref _uploadRetries);
            await Task.Delay(Pause);
        }

        Interlocked.Increment(ref _notUploaded);
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Http(RunningApp app)
    {
        var http = new HttpClient { Timeout = Patience };
        http.DefaultRequestHeaders.Add("x-functions-key", app.Stack.FunctionKey);
        return http;
    }
}
