using System.Security.Cryptography;

namespace OssCallbackFunctions.Grants;

/// <summary>Random bytes that nobody can guess, taken from the operating system's many at a time: it has as much work with a few. What is handed out is kept nowhere.</summary>
internal static class RandomBytes
{
    private const int AtATime = 1024;

    [ThreadStatic]
    private static byte[]? _ahead;

    [ThreadStatic]
    private static int _left;

    /// <summary>Fills up to 1,024 bytes.</summary>
    public static void Fill(Span<byte> bytes)
    {
        _ahead ??= new byte[AtATime];
        if (_left < bytes.Length)
        {
            RandomNumberGenerator.Fill(_ahead);
            _left = AtATime;
        }

        var taken = _ahead.AsSpan(_left - bytes.Length, bytes.Length);
        taken.CopyTo(bytes);
        taken.Clear();
        _left -= bytes.Length;
    }
}
