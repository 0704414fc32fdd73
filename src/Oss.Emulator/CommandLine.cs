using System.Globalization;
using Microsoft.Extensions.Logging;
using Oss.Protocol;

namespace Oss.Emulator;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Help = """
        Alibaba Cloud OSS on this machine.

          --data DIR                where objects are kept (required)
          --access-key ID:SECRET[:TOKEN]   a key that may sign; may be repeated
          --bucket NAME             a bucket; may be repeated (default: examplebucket)
          --port PORT               TCP port on 127.0.0.1 and ::1 (default: 9000; 0: a free one)
          --https-port PORT         https as well, with a certificate it makes itself (0: a free port; default: no https)
          --sts-port PORT           STS, which lends temporary keys, over http (0: a free port; default: no STS)
          --region REGION           region id of the buckets (default: cn-hangzhou)
          --endpoint-name NAME      host name whose subdomains are buckets (default: oss-REGION.localhost)
          --cname HOST=BUCKET       a custom domain of a bucket; may be repeated
          --cors ORIGIN             pages of this origin may use the buckets (* for any); may be repeated
          --fault-seed NUMBER       what the draws of injected faults go by (default: 0)
          --no-v1                   refuse V1 signatures, as new buckets do
          --help                    this text
        """;

    private const string NoV1 = "--no-v1";
    private const string Cors = "--cors";

    private static readonly HashSet<string> WithValue = new(StringComparer.Ordinal)
    {
        "--port", "--https-port", "--sts-port", "--data", "--bucket", "--access-key", "--region", "--endpoint-name", "--cname", Cors, "--fault-seed",
    };

    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal) { NoV1 };

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them cannot be; the message names it.</exception>
    public static OssEmulatorOptions Parse(string[] arguments, Action<ILoggingBuilder> logging)
    {
        var given = Read(arguments);
        return new OssEmulatorOptions
        {
            DataFolder = Path.GetFullPath(Single(given, "--data") ?? throw new ArgumentException("--data is missing: where are objects to be kept? Try --help.")),
            Port = Port(given, "--port") ?? 9000,
            Region = Single(given, "--region") ?? "cn-hangzhou",
            HttpsPort = Port(given, "--https-port"),
            StsPort = Port(given, "--sts-port"),
            EndpointName = Single(given, "--endpoint-name"),
            CustomDomains = (given.GetValueOrDefault("--cname") ?? []).Select(CustomDomain).ToDictionary(StringComparer.OrdinalIgnoreCase),
            CorsRules = given.GetValueOrDefault(Cors) is { } origins ? [CorsRule.ForBrowsers(origins)] : [],
            FaultSeed = Single(given, "--fault-seed") is { } seed ? Seed(seed) : 0,
            AcceptsSignatureV1 = !given.ContainsKey(NoV1),
            Buckets = given.GetValueOrDefault("--bucket") ?? ["examplebucket"],
            AccessKeys = [.. (given.GetValueOrDefault("--access-key") ?? throw new ArgumentException("--access-key is missing: without one every request is refused. Try --help.")).Select(Key)],
            Logging = logging,
        };
    }

    private static Dictionary<string, List<string>> Read(string[] arguments)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            given.TryAdd(name, []);
            if (WithValue.Contains(name))
            {
                given[name].Add(i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{name} needs a value. Try --help."));
            }
            else if (!Switches.Contains(name))
            {
                throw new ArgumentException($"Unknown argument '{name}'. Try --help.");
            }
        }

        return given;
    }

    private static string? Single(Dictionary<string, List<string>> given, string name) =>
        given.GetValueOrDefault(name) switch
        {
            null => null,
            [var value] => value,
            _ => throw new ArgumentException($"{name} is given more than once."),
        };

    private static int? Port(Dictionary<string, List<string>> given, string name) =>
        Single(given, name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port
        : throw new ArgumentException($"{name} {text} is no TCP port.");

    private static KeyValuePair<string, string> CustomDomain(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } host, { Length: > 0 } bucket] ? new(host, bucket) : throw new ArgumentException($"--cname {text} must be HOST=BUCKET.");

    private static long Seed(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : throw new ArgumentException($"--fault-seed {text} is no whole number.");

    // The value is a secret: the message does not repeat it.
    private static AccessKey Key(string text) => text.Split(':', 3) switch
    {
        [{ Length: > 0 } id, { Length: > 0 } secret] => new AccessKey(id, secret),
        [{ Length: > 0 } id, { Length: > 0 } secret, { Length: > 0 } token] => new AccessKey(id, secret, token),
        _ => throw new ArgumentException("--access-key must be ID:SECRET, or ID:SECRET:TOKEN for a temporary key."),
    };
}
