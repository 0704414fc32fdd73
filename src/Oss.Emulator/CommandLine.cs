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
          --region REGION           region id of the buckets (default: cn-hangzhou)
          --endpoint-name NAME      host name whose subdomains are buckets, such as oss-cn-hangzhou.localhost
          --help                    this text
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">One of them cannot be; the message names it.</exception>
    public static OssEmulatorOptions Parse(string[] arguments, Action<ILoggingBuilder> logging)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--port" or "--data" or "--bucket" or "--access-key" or "--region" or "--endpoint-name"))
            {
                throw new ArgumentException($"Unknown argument '{name}'. Try --help.");
            }

            if (i + 1 == arguments.Length)
            {
                throw new ArgumentException($"{name} needs a value. Try --help.");
            }

            given.TryAdd(name, []);
            given[name].Add(arguments[i + 1]);
        }

        return new OssEmulatorOptions
        {
            DataFolder = Path.GetFullPath(Single(given, "--data") ?? throw new ArgumentException("--data is missing: where are objects to be kept? Try --help.")),
            Port = Port(Single(given, "--port") ?? "9000"),
            Region = Single(given, "--region") ?? "cn-hangzhou",
            EndpointName = Single(given, "--endpoint-name"),
            Buckets = given.GetValueOrDefault("--bucket") ?? ["examplebucket"],
            AccessKeys = [.. (given.GetValueOrDefault("--access-key") ?? throw new ArgumentException("--access-key is missing: without one every request is refused. Try --help.")).Select(Key)],
            Logging = logging,
        };
    }

    private static string? Single(Dictionary<string, List<string>> given, string name) =>
        given.GetValueOrDefault(name) switch
        {
            null => null,
            [var value] => value,
            _ => throw new ArgumentException($"{name} is given more than once."),
        };

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new ArgumentException($"--port {text} is no TCP port.");

    // The value is a secret: the message does not repeat it.
    private static AccessKey Key(string text) => text.Split(':', 3) switch
    {
        [{ Length: > 0 } id, { Length: > 0 } secret] => new AccessKey(id, secret),
        [{ Length: > 0 } id, { Length: > 0 } secret, { Length: > 0 } token] => new AccessKey(id, secret, token),
        _ => throw new ArgumentException("--access-key must be ID:SECRET, or ID:SECRET:TOKEN for a temporary key."),
    };
}
