using System.Net;
using System.Net.Sockets;

namespace OssCallbackFunctions;

/// <summary>
/// Tells addresses of the public internet from all others: this machine's, the networks' it is in, those where clouds keep their metadata (169.254.169.254, Alibaba Cloud's 100.100.100.200,
/// Azure's 168.63.129.16), and those that are nobody's. Source: IANA, "Special-Purpose Address Registry" for IPv4 and IPv6.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        // This network, private, shared (CGNAT), loopback, link-local, private.
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        // Protocol assignments, documentation, 6to4 relays, private, benchmarks, documentation twice, multicast, reserved with broadcast; and Azure's own.
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"), IPNetwork.Parse("168.63.129.16/32"),
        // Of the global unicast addresses: protocol assignments (Teredo, benchmarks, ORCHID among them), documentation twice.
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("3fff::/20"),
    ];

    // All other IPv6 addresses are local, multicast, nobody's, or IPv4 addresses in disguise.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether the address is one of the public internet. Those that stand for an IPv4 address (mapped, NAT64, 6to4) are what that is.</summary>
    public static bool Is(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? IsNone(address)
        : address.AddressFamily != AddressFamily.InterNetworkV6 ? false
        : Embedded(address) is { } inner ? IsNone(inner)
        : GlobalUnicast.Contains(address) && IsNone(address);

    private static bool IsNone(IPAddress address) => !NotPublic.Any(network => network.Contains(address));

    private static IPAddress? Embedded(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12, 4))
        : SixToFour.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(2, 4))
        : null;
}
