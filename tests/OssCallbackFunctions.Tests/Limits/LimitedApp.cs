using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using OssCallbackFunctions.Limits;
using OssCallbackFunctions.Tests.Idempotency;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Limits;

/// <summary>Two instances with limits, of callers that are there for a test each.</summary>
public sealed class LimitedApp : TwoApps
{
    protected override Dictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>
            {
                ["Limits__BytesPerDay"] = "3",
                ["Uploads__Profiles__files__KeyTemplate"] = "files/{id}",
                ["Uploads__Profiles__small__KeyTemplate"] = "small/{id}",
                ["Uploads__Profiles__small__MaxSize"] = "500",
                ["Uploads__Profiles__brief__KeyTemplate"] = "brief/{id}",
                ["Uploads__Profiles__brief__Lifetime"] = "00:00:06",
                ["Uploads__Profiles__instant__KeyTemplate"] = "instant/{id}",
                ["Uploads__Profiles__instant__Lifetime"] = "00:00:01",
                ["Uploads__MaxUploadTime"] = "00:00:00",
                ["Ledger__Grace"] = "00:00:01",
            };
            foreach (var (caller, setting, value) in new[]
            {
                ("minute", "CredentialsPerMinute", "10"), ("session", "BytesPerDay", "1000"), ("lifted", "BytesPerDay", "0"), ("again", "BytesPerDay", "2"),
                ("day", "BytesPerDay", "1000"), ("open", "OpenMultiparts", "2"), ("many", "OpenMultiparts", "2"), ("failing", "OpenMultiparts", "1"), ("failing", "BytesPerDay", "1000"), ("failing", "CredentialsPerMinute", "1"),
                ("brief", "OpenMultiparts", "1"), ("forms", "BytesPerDay", "1000"), ("uppy", "OpenMultiparts", "1"),
            })
            {
                settings[$"Callers__{caller}__KeySha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller + "'s key")));
                settings.TryAdd($"Callers__{caller}__BytesPerDay", "0");
                settings[$"Callers__{caller}__{setting}"] = value;
            }

            return settings;
        }
    }

    /// <summary>Asks for an upload as a caller.</summary>
    public Task<Posted> AskAsync(string? caller, object body, int instance = 0, string path = "/api/uploads", string? key = null) =>
        PostAsync(instance, path, body, key, caller is null ? null : caller + "'s key");

    /// <summary>Asks for an upload as a caller; it must be lent.</summary>
    public async Task<JsonElement> GetAsync(string caller, object body, int instance = 0)
    {
        var answer = await AskAsync(caller, body, instance);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    internal SessionClient Browser(JsonElement answer) => new(this, answer.GetProperty("endpoint").GetString()!);

    /// <summary>What table <c>usage</c> has of a caller.</summary>
    public async Task<IReadOnlyList<TableEntity>> UsageAsync(string? caller)
    {
        await Table("usage").CreateIfNotExistsAsync();
        return await Table("usage").QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {UploadLimits.PartitionOf(caller)}")).ToListAsync();
    }
}
