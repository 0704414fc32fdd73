using System.Net;
using LocalWorker.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace LocalWorker.Http;

/// <summary>What proxies in front of this process say of the requests that they pass on. In Azure the platform's own proxies are believed; here those that a setting names.</summary>
internal static class Proxies
{
    /// <summary>Believes the proxies in the options.</summary>
    /// <exception cref="OptionsValidationException">One of them is no address and no network; the message names it.</exception>
    public static void UseProxies(this WebApplication app, string? proxies)
    {
        var networks = (proxies ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Network).ToList();
        if (networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedFor,
            // As many as there are, as long as each is one of them.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        networks.ForEach(options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new OptionsValidationException(
            nameof(LocalWorkerOptions), typeof(LocalWorkerOptions), [$"LocalWorker__Proxies has '{text}': expected addresses or networks such as 10.0.0.0/8, separated by ';'."]);
}
