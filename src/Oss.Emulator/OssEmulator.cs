using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Oss.Emulator.Access;
using Oss.Emulator.Buckets;
using Oss.Emulator.Callbacks;
using Oss.Emulator.Cors;
using Oss.Emulator.Faults;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Pages;
using Oss.Emulator.Storage;
using Oss.Emulator.Sts;

namespace Oss.Emulator;

/// <summary>Alibaba Cloud OSS on this machine: its requests, its refusals and its callbacks, on disk and over HTTP. It is never more lenient than OSS.</summary>
public sealed class OssEmulator : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);

    private readonly Recording<RecordedRequest> _requests = new();
    private readonly Recording<RecordedCallback> _callbacks = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DataFolder _data;
    private readonly LocalSockets _sockets;
    private readonly LocalSockets? _secureSockets;
    private readonly LocalSockets? _stsSockets;
    private readonly X509Certificate2? _certificate;
    private readonly CallbackKey _callbackKey;
    private readonly TemporaryKeys _temporaryKeys;
    private readonly RamPolicies _policies;
    private readonly WebApplication _server;

    private OssEmulator(OssEmulatorOptions options)
    {
        _data = new DataFolder(options.DataFolder, options.Buckets, options.Clock.GetUtcNow());
        CorsAtStart.Apply(options, _data.Buckets);
        _sockets = LocalSockets.Bind(options.Port);
        Endpoint = $"http://127.0.0.1:{_sockets.Port}";
        _callbackKey = new CallbackKey(_data.CallbackKeyPem, Endpoint + CallbackKeyPage.Path);
        if (options.HttpsPort is { } httpsPort)
        {
            _secureSockets = LocalSockets.Bind(httpsPort);
            _certificate = HttpsCertificate.LoadOrCreate(options.DataFolder, [options.EndpointHost, "*." + options.EndpointHost, .. options.CustomDomains.Keys]);
            HttpsEndpoint = $"https://127.0.0.1:{_secureSockets.Port}";
        }

        if (options.StsPort is { } stsPort)
        {
            _stsSockets = LocalSockets.Bind(stsPort);
            StsEndpoint = $"http://127.0.0.1:{_stsSockets.Port}";
        }

        _server = EmulatorServer.Build(_sockets, _secureSockets, _certificate, options.Logging, _stsSockets);

        var logger = (ILogger?)_server.Services.GetService(typeof(ILogger<OssEmulator>)) ?? NullLogger.Instance;
        _policies = new RamPolicies(options);
        _temporaryKeys = new TemporaryKeys(_data.TemporaryKeySecret);
        var keys = new KeyRing(options, _temporaryKeys, _policies);
        var authentication = new Authentication(options, _data.Buckets, keys);
        var authorization = new Authorization(options);
        var caller = new CallbackCaller(new CallbackConnection(options.CallbackTrustedCertificates), options.CallbackTimeout);
        var callbacks = new UploadCallbacks(new CallbackRequest(_callbackKey, options.Clock), caller, _callbacks, options.Clock, logger, _stopping.Token);
        Faults = new FaultInjection(options.FaultSeed);
        var disturbances = new Disturbances(Faults, options.PaceClock);
        IOperation[] operations =
        [
            new PutObject(callbacks, options.Clock), new PostObject(authentication, authorization, callbacks, disturbances, options.Clock),
            new GetObject("GetObject", options.Clock), new GetObject("HeadObject", options.Clock), new GetObjectMeta(), new DeleteObject(), new DeleteMultipleObjects(authorization),
            new AppendObject(options.Clock), new CopyObject(_data.Buckets, authorization, options.Clock), new UploadPartCopy(_data.Buckets, authorization, options.Clock),
            new GetObjectAcl(), new PutObjectAcl(), new GetObjectTagging(), new PutObjectTagging(), new DeleteObjectTagging(),
            new InitiateMultipartUpload(options.Clock), new UploadPart(options.Clock), new ListParts(), new AbortMultipartUpload(),
            new CompleteMultipartUpload(callbacks, options.Clock),
            .. BucketOperations.All(options, _data.Buckets),
        ];
        Faults.Operations = [.. operations.Select(operation => operation.Name)];
        var addressing = new Addressing(options.EndpointHost, options.CustomDomains);
        var pipeline = new RequestPipeline(options, _data.Buckets, addressing, authentication, authorization, operations, disturbances, _requests, logger);
        var sts = new StsPipeline(keys, _temporaryKeys, _policies, options.Clock, logger);
        var pages = new EmulatorPages(addressing, new CallbackKeyPage(_callbackKey), new FaultPage(Faults), new StatusPage(options, _data.Buckets, _requests, _callbacks));
        var portOfSts = _stsSockets?.Port;
        _server.Run(http => http.Connection.LocalPort == portOfSts ? sts.HandleAsync(http)
            : pages.Serves(http) ? pages.AnswerAsync(http)
            : pipeline.HandleAsync(http));
    }

    /// <summary><c>http://127.0.0.1:PORT</c>; the same port answers on ::1 where there is one.</summary>
    public string Endpoint { get; }

    /// <summary><c>https://127.0.0.1:PORT</c>, and the same on ::1; null when https was not asked for.</summary>
    public string? HttpsEndpoint { get; }

    /// <summary>The certificate of https, for clients to trust; null when https was not asked for. The same after a restart.</summary>
    public string? HttpsCertificatePem => _certificate?.ExportCertificatePem();

    /// <summary><c>http://127.0.0.1:PORT</c> of STS, and the same on ::1; null when it was not asked for.</summary>
    public string? StsEndpoint { get; }

    /// <summary>What callbacks have in <c>x-oss-pub-key-url</c>, and where the PEM can be fetched.</summary>
    public string CallbackKeyUrl => _callbackKey.PublicKeyUrl;

    /// <summary>The public key that callbacks verify with; the same after a restart.</summary>
    public string CallbackPublicKeyPem => _callbackKey.PublicKeyPem;

    /// <summary>The requests served, in order; the latest 100,000.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _requests.Entries;

    /// <summary>The calls to callback URLs, in order; the latest 100,000.</summary>
    public IReadOnlyList<RecordedCallback> Callbacks => _callbacks.Entries;

    /// <summary>What is to go wrong: errors, delays, lost connections, wrong bytes and failing callbacks, as tests ask for them.</summary>
    public FaultInjection Faults { get; }

    /// <summary>Starts an emulator; it serves when this returns.</summary>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    /// <exception cref="InvalidOperationException">The data folder is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public static async Task<OssEmulator> StartAsync(OssEmulatorOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var emulator = new OssEmulator(options);
        await emulator._server.StartAsync(cancellationToken);
        return emulator;
    }

    /// <summary>Ends the temporary keys that STS has lent so far, before their time: requests with them are refused with SecurityTokenExpired. A restart forgets it.</summary>
    public void EndTemporaryKeys() => _temporaryKeys.EndAll();

    /// <summary>Gives one of the options' keys another policy, which counts from the next request on. A restart forgets it.</summary>
    /// <exception cref="ArgumentException">There is no such key, or it is no policy.</exception>
    public void SetAccessKeyPolicy(string accessKeyId, string policy) => _policies.SetOfKey(accessKeyId, policy);

    /// <summary>Gives a role (<c>acs:ram::ACCOUNT:role/NAME</c>) another policy, which counts from the next request on, also for keys that are lent already; only roles with a policy are there then. A restart forgets it.</summary>
    /// <exception cref="ArgumentException">It is no policy.</exception>
    public void SetRolePolicy(string roleArn, string policy) => _policies.SetOfRole(roleArn, policy);

    /// <summary>Stops serving; what has been stored stays in the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(PatienceAtEnd);
        await _stopping.CancelAsync();
        await _server.StopAsync(patience.Token);
        await _server.DisposeAsync();
        _sockets.Dispose();
        _secureSockets?.Dispose();
        _stsSockets?.Dispose();
        _certificate?.Dispose();
        _data.Dispose();
        _stopping.Dispose();
    }
}
