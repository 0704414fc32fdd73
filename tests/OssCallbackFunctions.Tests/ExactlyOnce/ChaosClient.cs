using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>A credential that arrived. Others may have been lent whose answer was lost: nobody knows of them but the ledger.</summary>
internal sealed record LentCredential(string Id, string Key, bool IsForm, byte[] Content, JsonElement Answer)
{
    public DateTimeOffset Expires => Answer.GetProperty("expires").GetDateTimeOffset();

    // No proof of anything: OSS's ETag is MD5.
#pragma warning disable CA5351
    public string ETag { get; } = Convert.ToHexString(MD5.HashData(Content));
#pragma warning restore CA5351
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
    public async Task<LentCredential> LendAsync(string key, PlannedCredential planned)
    {
        var size = planned.NamesSize ? planned.Content.Length : (int?)null;
        object asked = planned.IsForm ? new { key, size } : new { key, size, callback = planned.HasCallbackInHeader ? "header" : "query" };
        for (var attempt = 0; attempt < LendAttempts; attempt++)
        {
            var instance = instances[(planned.Content[0] + attempt) % instances.Count];
            try
            {
                using var response = await _http.PostAsJsonAsync($"{instance}/api/uploads/{(planned.IsForm ? "form-post" : "presigned-put")}", asked);
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

    public void Dispose() => _http.Dispose();

    private static HttpClient Http(RunningApp app)
    {
        var http = new HttpClient { Timeout = Patience };
        http.DefaultRequestHeaders.Add("x-functions-key", app.Stack.FunctionKey);
        return http;
    }
}
