using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Oss.Emulator.Callbacks;

/// <summary>Connects to a callback server as OSS does: over IPv4 only, without a proxy, and naming the server in TLS only when callbackSNI says so.</summary>
internal sealed class CallbackConnection(IReadOnlyList<X509Certificate2> trusted)
{
    /// <summary>A connection on which HTTP can be spoken.</summary>
    /// <exception cref="SocketException">Nobody there, or no such name.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">TLS failed, or the certificate is not that of a trusted server of this name.</exception>
    public async Task<Stream> OpenAsync(CallbackUrl url, bool sendsName, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, cancellationToken);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (!url.IsTls)
            {
                return plain;
            }

            tls = new SslStream(plain);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = sendsName ? url.Host : "",
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    // Without a name to send there is still one to check.
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is X509Certificate2 server && server.MatchesHostname(url.Host)
                        && ((errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0 || IsTrusted(server, chain)),
                },
                cancellationToken);
            return tls;
        }
        catch
        {
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }

            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the certificate is one of those given, or was issued by one.</summary>
    private bool IsTrusted(X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? new X509Certificate2Collection());
        return trusted.Count > 0 && chain.Build(certificate);
    }
}
