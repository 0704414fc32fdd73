using System.Globalization;
using System.Text;
using CsCheck;

namespace Oss.Emulator.Tests.Malformed;

/// <summary>Requests by the thousand, many at a time, each on a connection of its own.</summary>
internal static class ManyExchanges
{
    /// <summary>Sends them, and fails at the first reply that OSS could not give.</summary>
    /// <returns>How many were answered with which status; 0 stands for no answer.</returns>
    public static async Task<SortedDictionary<int, int>> SendAsync<T>(Gen<T> requests, Func<T, byte[]> toBytes, int port, int count)
    {
        var statuses = new SortedDictionary<int, int>();
        await requests.SampleAsync(
            async request =>
            {
                var bytes = toBytes(request);
                var reply = await RawExchange.SendAsync(port, bytes);
                var fault = RawExchange.Fault(reply, out var status);
                lock (statuses)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }

                Assert.True(fault is null, $"{fault}: {Convert.ToBase64String(bytes)}{Environment.NewLine}{Encoding.UTF8.GetString(reply)}");
            },
            iter: count,
            threads: 32);

        var sent = statuses.Values.Sum();
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests: " + string.Join(", ", statuses.Select(pair => $"{pair.Value.ToString(CultureInfo.InvariantCulture)} x {pair.Key}")));
        Assert.True(sent >= count);
        return statuses;
    }
}
