namespace Oss.Emulator.Http;

/// <summary>Headers that would change what an operation does in ways the emulator cannot: it says so, rather than do something else.</summary>
internal static class UnsupportedHeaders
{
    private static readonly string[] Names =
    [
        "x-oss-server-side-encryption", "x-oss-server-side-data-encryption", "x-oss-server-side-encryption-key-id",
    ];

    public static void Refuse(string operation, Func<string, string?> find)
    {
        if (Names.FirstOrDefault(name => find(name) is not null) is { } name)
        {
            throw Refusals.NotImplemented($"{operation} with {name}");
        }
    }
}
