using System.Globalization;
using System.Net;

namespace Oss.Emulator.Access;

/// <summary>IP addresses that begin alike: <c>192.168.0.0/16</c>, or a single one.</summary>
internal sealed record AddressRange(IPAddress Address, int PrefixLength)
{
    /// <summary>Reads a range; null when it is none. What follows the prefix in the address does not matter.</summary>
    public static AddressRange? Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address))
        {
            return null;
        }

        var bits = address.GetAddressBytes().Length * 8;
        return parts.Length == 1 ? new AddressRange(address, bits)
            : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits ? new AddressRange(address, length)
            : null;
    }

    /// <summary>Whether the address is in the range; an IPv4 address in IPv6's clothes is one of IPv4.</summary>
    public bool Contains(IPAddress address)
    {
        var (mine, other) = (Address.GetAddressBytes(), (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes());
        if (mine.Length != other.Length)
        {
            return false;
        }

        for (var bit = 0; bit < PrefixLength; bit += 8)
        {
            var mask = PrefixLength - bit >= 8 ? 0xFF : 0xFF << (8 - (PrefixLength - bit));
            if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
