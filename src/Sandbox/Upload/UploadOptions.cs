using System.Globalization;

namespace Sandbox.Upload;

/// <summary>What <c>upload</c> is asked for on the command line.</summary>
internal sealed record UploadOptions
{
    public const string Usage = """
        Usage: dotnet run --project src/Sandbox -- upload SOURCE oss://BUCKET/PREFIX [OPTIONS]

        Submits a bulk upload, and shows how far it is. SOURCE is a file, a folder, an https URL, or oss://BUCKET/KEY (a folder ends in "/"). A PREFIX that is empty or ends in "/" is a
        folder; otherwise it is the key of a single object. Without --app everything runs on this machine, from Azurite to the OSS emulator, and ends with the job.

          --app URL          app to submit it to; a SOURCE on disk is then a path below its BulkUploads__FileRoot
          --key KEY          function key of that app
          --watch            wait for the job's end, with progress; exit code 0 only if it succeeded. Always so without --app
          --include PATTERN  upload only what matches; can be repeated
          --exclude PATTERN  leave out what matches; can be repeated
          --dry-run          store nothing, and tell what would be
          --skip-existing    leave out what is there already
          --in-flight N      objects at a time
          --bandwidth BYTES  bytes per second of the whole job
          --help             this text
        """;

    private const int Positions = 2;

    public bool Help { get; private init; }

    public string Source { get; private init; } = "";

    public string Bucket { get; private init; } = "";

    public string Prefix { get; private init; } = "";

    public string? App { get; private init; }

    public string? Key { get; private init; }

    public bool Watch { get; private init; }

    public IReadOnlyList<string> Include { get; private init; } = [];

    public IReadOnlyList<string> Exclude { get; private init; } = [];

    public bool DryRun { get; private init; }

    public bool SkipExisting { get; private init; }

    public int? InFlight { get; private init; }

    public long? Bandwidth { get; private init; }

    /// <summary>Reads the arguments that follow the word <c>upload</c>.</summary>
    /// <exception cref="FormatException">One is unknown, missing or wrong.</exception>
    public static UploadOptions Parse(IReadOnlyList<string> arguments)
    {
        var (options, places) = (new UploadOptions(), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            long Number() => long.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new FormatException($"{name} needs a number, not '{arguments[i]}'.");
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                places.Add(name);
                continue;
            }

            options = name switch
            {
                "--app" => options with { App = Value() },
                "--key" => options with { Key = Value() },
                "--watch" => options with { Watch = true },
                "--include" => options with { Include = [.. options.Include, Value()] },
                "--exclude" => options with { Exclude = [.. options.Exclude, Value()] },
                "--dry-run" => options with { DryRun = true },
                "--skip-existing" => options with { SkipExisting = true },
                "--in-flight" => options with { InFlight = (int)Math.Min(Number(), int.MaxValue) },
                "--bandwidth" => options with { Bandwidth = Number() },
                "--help" => options with { Help = true },
                _ => throw new FormatException($"Unknown option '{name}'."),
            };
        }

        return options.Help ? options : options.At(places);
    }

    private UploadOptions At(List<string> places) =>
        places.Count != Positions ? throw new FormatException("upload needs SOURCE and oss://BUCKET/PREFIX.")
        : (App is null) != (Key is null) ? throw new FormatException("--app and --key go together.")
        : App is not null && !(Uri.TryCreate(App, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") ? throw new FormatException($"--app needs a URL, not '{App}'.")
        : !TryParse(places[1], out var bucket, out var prefix) ? throw new FormatException($"The destination must be oss://BUCKET/PREFIX, not '{places[1]}'.")
        : this with { Source = places[0], Bucket = bucket, Prefix = prefix };

    private static bool TryParse(string text, out string bucket, out string prefix)
    {
        const string scheme = "oss://";
        var parts = text.StartsWith(scheme, StringComparison.Ordinal) ? text[scheme.Length..].Split('/', 2) : [];
        (bucket, prefix) = (parts.ElementAtOrDefault(0) ?? "", parts.ElementAtOrDefault(1) ?? "");
        return bucket.Length > 0;
    }
}
