using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

/// <summary>A reply of STS in JSON.</summary>
internal sealed record StsAnswer(HttpStatusCode Status, string ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.TryGetProperty(nameof(Code), out var code) ? code.GetString() : null;

    public string Message => Json.GetProperty(nameof(Message)).GetString()!;

    /// <summary>The temporary key.</summary>
    public AccessKey Key
    {
        get
        {
            Assert.True(Status == HttpStatusCode.OK, Body);
            string Text(string name) => Json.GetProperty("Credentials").GetProperty(name).GetString()!;
            return new AccessKey(Text("AccessKeyId"), Text("AccessKeySecret"), Text("SecurityToken"));
        }
    }
}

/// <summary>A fresh emulator with STS, and requests signed by hand in both ways.</summary>
internal sealed class TestSts : IAsyncDisposable
{
    public const string Role = "acs:ram::1234567890123456:role/uploader";
    public static readonly AccessKey User = new("LTAIstsTests00000001", "StsTestsSecret0000000000000001");
    public static readonly AccessKey Other = new("LTAIstsTests00000002", "StsTestsSecret0000000000000002");

    private readonly bool _ownsFolder;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private int _nonce;

    private TestSts(OssEmulator emulator, string folder, bool ownsFolder, FakeTimeProvider clock)
    {
        (Emulator, Folder, _ownsFolder, Clock) = (emulator, folder, ownsFolder, clock);
        Url = emulator.StsEndpoint!;
    }

    public OssEmulator Emulator { get; }

    public string Folder { get; }

    public FakeTimeProvider Clock { get; }

    public string Url { get; }

    public string Host => new Uri(Url).Authority;

    public string Now => Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static async Task<TestSts> StartAsync(
        string? folder = null, Dictionary<string, string>? keyPolicies = null, Dictionary<string, string>? rolePolicies = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var path = folder ?? Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = path,
            AccessKeys = [User, Other],
            StsPort = 0,
            AccessKeyPolicies = keyPolicies ?? [],
            RolePolicies = rolePolicies,
            Clock = clock,
        });
        return new TestSts(emulator, path, folder is null, clock);
    }

    public static Dictionary<string, string> AssumeRole(params (string Name, string? Value)[] changes) =>
        With(new() { ["Action"] = "AssumeRole", ["Version"] = "2015-04-01", ["Format"] = "JSON", ["RoleArn"] = Role, ["RoleSessionName"] = "alice" }, changes);

    /// <summary>A null takes the parameter away.</summary>
    public static Dictionary<string, string> With(Dictionary<string, string> parameters, params (string Name, string? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                parameters.Remove(name);
            }
            else
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }

    /// <summary>Signs over the parameters and sends them as a form, or in the query; the changes come before the signature is made.</summary>
    public Task<StsAnswer> RpcAsync(Dictionary<string, string> parameters, AccessKey? key = null, bool get = false, params (string Name, string? Value)[] common)
    {
        var signed = Signed(parameters, key ?? User, get ? "GET" : "POST", common);
        return get ? SendAsync("GET", Encoded(signed), null, []) : SendAsync("POST", "", Encoded(signed), []);
    }

    public Dictionary<string, string> Signed(Dictionary<string, string> parameters, AccessKey key, string method, params (string Name, string? Value)[] common)
    {
        var all = With(
            new(parameters)
            {
                ["AccessKeyId"] = key.Id, ["SignatureMethod"] = "HMAC-SHA1", ["SignatureVersion"] = "1.0",
                ["SignatureNonce"] = $"n{++_nonce}", ["Timestamp"] = Now,
            },
            [("SecurityToken", key.SecurityToken), .. common]);
        all["Signature"] = StsRpcSignature.Sign(method, all, key.Secret);
        return all;
    }

    /// <summary>Signs by header; a null takes a header away before, and a change after the signature breaks it.</summary>
    public Task<StsAnswer> Acs3Async(
        Dictionary<string, string> query, AccessKey? key = null, string? form = null, (string Name, string? Value)[]? before = null, (string Name, string? Value)[]? after = null,
        string method = "POST")
    {
        key ??= User;
        var headers = With(
            new(StringComparer.OrdinalIgnoreCase)
            {
                ["host"] = Host, ["x-acs-action"] = query.GetValueOrDefault("Action", "AssumeRole"), ["x-acs-version"] = "2015-04-01", ["x-acs-date"] = Now,
                ["x-acs-signature-nonce"] = $"n{++_nonce}", ["x-acs-content-sha256"] = Acs3Signature.ContentHash(Encoding.UTF8.GetBytes(form ?? "")), ["accept"] = "application/json",
            },
            [("x-acs-security-token", key.SecurityToken), ("content-type", form is null ? null : "application/x-www-form-urlencoded"), .. before ?? []]);
        var parameters = query.Where(parameter => parameter.Key is not ("Action" or "Version" or "Format")).ToArray();
        if (headers.ContainsKey("x-acs-content-sha256"))
        {
            headers["Authorization"] = Acs3Signature.Authorization(key, method, "/", parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value)), headers);
        }

        With(headers, after ?? []);
        return SendAsync(method, Encoded(parameters), form, headers);
    }

    public async Task<StsAnswer> SendAsync(string method, string query, string? form, IEnumerable<KeyValuePair<string, string>> headers, string path = "/")
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), Url + path + (query.Length > 0 ? "?" + query : ""));
        if (form is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        }

        foreach (var (name, value) in headers)
        {
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase) && message.Content is not null)
            {
                message.Content.Headers.Remove("Content-Type");
                message.Content.Headers.TryAddWithoutValidation("Content-Type", value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _http.SendAsync(message);
        return new StsAnswer(response.StatusCode, response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsStringAsync());
    }

    public static string Encoded(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{OssEncoding.Encode(parameter.Key)}={OssEncoding.Encode(parameter.Value)}"));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _http.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
