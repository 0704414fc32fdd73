using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Health;

/// <summary>The URLs that OSS calls back: whether it can reach them, as far as can be told from here.</summary>
internal sealed class CallbackExamination(IOptions<CallbackAddressOptions> address, IOptions<CallbackOptions> callbacks, IOptions<LedgerOptions> ledger) : IExamination
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = OutboundHttp.Client();

    public string Name => "callback";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(callbacks.Value.TestKeyUrl))
        {
            yield return Finding.Warning("callback_key", "Callbacks signed with a test key are believed.", "Take Callbacks__TestKeyUrl and Callbacks__TestKeyPem out, unless this is a test.");
        }

        if (!ledger.Value.Enabled)
        {
            yield return Finding.Warning("ledger", "The ledger is off: an upload whose callback is lost is never told of.", "Set Ledger__Enabled to true.");
        }

        foreach (var url in address.Value.BaseUris)
        {
            yield return await AddressAsync(url, cancellationToken);
            yield return await AnswerAsync(url, cancellationToken);
        }
    }

    private static async Task<Finding> AddressAsync(Uri url, CancellationToken cancellationToken)
    {
        const string Check = "callback_address";
        try
        {
            var addresses = IPAddress.TryParse(url.IdnHost, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(url.IdnHost, AddressFamily.InterNetwork, cancellationToken);
            return addresses is [] ? Finding.Error(Check, $"{url.Host} has no IPv4 address, and OSS calls no other.", "Give the host an A record.")
                : addresses.FirstOrDefault(one => !PublicAddress.Is(one)) is { } inner
                    ? Finding.Error(Check, $"{url.Host} is {inner}, which OSS cannot reach; an emulator on this machine can.", "Set Callbacks__PublicBaseUrl to where this app is reached from the internet.")
                : Finding.Ok(Check, $"{url.Host} has a public IPv4 address.");
        }
        catch (SocketException e)
        {
            return Finding.Error(Check, $"{url.Host} is no host by IPv4: {e.SocketErrorCode}.", "See the host's name in Callbacks__PublicBaseUrl and Callbacks__FallbackBaseUrls, and its A record.");
        }
    }

    private async Task<Finding> AnswerAsync(Uri url, CancellationToken cancellationToken)
    {
        const string Check = "callback_url";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Budget);
        try
        {
            using var answer = await _http.GetAsync(new Uri(url, "api/health"), deadline.Token);
            var text = await answer.Content.ReadAsStringAsync(deadline.Token);
            return !text.Contains("\"ossKey\"", StringComparison.Ordinal)
                    ? Finding.Error(Check, $"Something else than this app answers at {url.Authority}: {(int)answer.StatusCode}.", "See the path of Callbacks__PublicBaseUrl, and what is in front of the app.")
                : url.Scheme == Uri.UriSchemeHttp ? Finding.Warning(Check, $"OSS calls {url.Authority} by http: who listens on the way can read the callbacks.", "Take https.")
                : Finding.Ok(Check, $"This app answers at {url.Authority}, with a certificate of that name.");
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            return Finding.Error(Check, $"The certificate of {url.Authority} is not of that name, has ended, or is not of a known authority.", "OSS refuses such a server: give it a certificate for that name.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Finding.Error(Check, $"{url.Authority} does not answer from here: {(e as HttpRequestException)?.HttpRequestError.ToString() ?? "in time"}.", "See that the app is reached by this URL. A firewall may keep the app itself from it, and not OSS.");
        }
    }
}
