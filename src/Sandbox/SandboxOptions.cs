using System.Globalization;

namespace Sandbox;

/// <summary>What the command line asks for.</summary>
internal sealed record SandboxOptions
{
    public const string Usage = """
        Usage: dotnet run --project src/Sandbox [-- OPTIONS]
               dotnet run --project src/Sandbox -- upload SOURCE oss://BUCKET/PREFIX [OPTIONS]     (upload --help)
               dotnet run --project src/Sandbox -- alibaba [OPTIONS]     (alibaba --help)

        Starts Azurite, the OSS emulator and the function app, uploads in five ways, and keeps serving until Ctrl-C.

          --once             end after the five uploads; exit code 0 only if every one was verified
          --size MIB         size of the multipart upload (default 64)
          --measure MIB      instead of the five uploads: a multipart upload beside a single PUT of the same file (so at most 5120), with the app's peak memory
          --app-port PORT    port of the function app (default: a free one)
          --oss-port PORT    port of the OSS emulator (default: a free one)
          --storage-port P   first of Azurite's three ports (default: free ones)
          --folder FOLDER    folder for state, logs and files; kept (default: a new one in the temporary folder)
          --help             this text
        """;

    // OSS's limit for a single PUT.
    private const int MaxPutMiB = 5120;

    public bool Once { get; private init; }

    public bool Help { get; private init; }

    public int SizeMiB { get; private init; } = 64;

    public int? MeasureMiB { get; private init; }

    public int? AppPort { get; private init; }

    public int OssPort { get; private init; }

    public int? StoragePort { get; private init; }

    public string? Folder { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">An argument is unknown, or its value is missing or wrong.</exception>
    public static SandboxOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            int Number(int max) => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
                ? number
                : throw new FormatException($"{name} needs a number from 1 to {max}, not '{arguments[i]}'.");
            options = name switch
            {
                "--once" => options with { Once = true },
                "--help" or "-h" => options with { Help = true },
                "--size" => options with { SizeMiB = Number(1_000_000) },
                "--measure" => options with { MeasureMiB = Number(MaxPutMiB) },
                "--app-port" => options with { AppPort = Number(65535) },
                "--oss-port" => options with { OssPort = Number(65535) },
                "--storage-port" => options with { StoragePort = Number(65533) },
                "--folder" => options with { Folder = Path.GetFullPath(Value()) },
                _ => throw new FormatException($"Unknown option '{name}'."),
            };
        }

        return options;
    }
}
