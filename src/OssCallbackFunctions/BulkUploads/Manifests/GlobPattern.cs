using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// A pattern as ossutil has them: <c>*</c> any text, <c>?</c> one character, <c>[a-z]</c> one of these, <c>[!a-z]</c> or <c>[^a-z]</c> one of no others, <c>\</c> in front of a character that is
/// meant itself. Matched in at most pattern times text steps, without going back further than the last star.
/// </summary>
internal sealed class GlobPattern
{
    /// <summary>Most characters of a pattern.</summary>
    public const int MaxLength = 256;

    private readonly List<Token> _tokens;

    private GlobPattern(List<Token> tokens)
    {
        _tokens = tokens;
    }

    /// <summary>Reads a pattern; null when it is empty, longer than <see cref="MaxLength"/>, or has a bracket or escape that does not end.</summary>
    public static GlobPattern? Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        var tokens = new List<Token>();
        var runes = text.EnumerateRunes().ToArray();
        for (var at = 0; at < runes.Length; at++)
        {
            var token = runes[at].Value switch
            {
                '*' => new Token(null, false),
                '?' => new Token([], true),
                '[' => Bracket(runes, ref at),
                '\\' => ++at < runes.Length ? Token.Of(runes[at]) : null,
                _ => Token.Of(runes[at]),
            };
            if (token is null)
            {
                return null;
            }

            // Several stars in a row are one.
            if (!(token.IsStar && tokens is [.., { IsStar: true }]))
            {
                tokens.Add(token);
            }
        }

        return new GlobPattern(tokens);
    }

    /// <summary>Whether all of <paramref name="text"/> is of the pattern; upper and lower case are two.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        var (token, at, star, starAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            var length = RuneAt(text, at, out var rune);
            if (token < _tokens.Count && _tokens[token].IsStar)
            {
                (star, starAt) = (token++, at);
            }
            else if (token < _tokens.Count && _tokens[token].Has(rune))
            {
                token++;
                at += length;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                starAt += RuneAt(text, starAt, out _);
                (token, at) = (star + 1, starAt);
            }
            else
            {
                return false;
            }
        }

        return token == _tokens.Count || (token == _tokens.Count - 1 && _tokens[token].IsStar);
    }

    private static Token? Bracket(Rune[] runes, ref int at)
    {
        at++;
        var isNegated = at < runes.Length && runes[at].Value is '!' or '^';
        at += isNegated ? 1 : 0;
        var ranges = new List<(int Least, int Most)>();
        for (; at < runes.Length && (runes[at].Value != ']' || ranges.Count == 0); at++)
        {
            if (One(runes, ref at) is not { } least)
            {
                return null;
            }

            var most = least;
            if (at + 2 < runes.Length && runes[at + 1].Value == '-' && runes[at + 2].Value != ']')
            {
                at += 2;
                if (One(runes, ref at) is not { } end || end < least)
                {
                    return null;
                }

                most = end;
            }

            ranges.Add((least, most));
        }

        return at < runes.Length ? new Token([.. ranges], isNegated) : null;
    }

    private static int? One(Rune[] runes, ref int at) =>
        runes[at].Value != '\\' ? runes[at].Value : ++at < runes.Length ? runes[at].Value : null;

    // Half a surrogate pair counts as U+FFFD, as in the pattern.
    private static int RuneAt(ReadOnlySpan<char> text, int at, out int rune)
    {
        Rune.DecodeFromUtf16(text[at..], out var decoded, out var length);
        rune = decoded.Value;
        return length;
    }

    /// <summary>Characters that may stand at one place; with null any number of any.</summary>
    private sealed record Token((int Least, int Most)[]? Ranges, bool IsNegated)
    {
        public bool IsStar => Ranges is null;

        public static Token Of(Rune rune) => new([(rune.Value, rune.Value)], false);

        public bool Has(int rune)
        {
            foreach (var (least, most) in Ranges!)
            {
                if (rune >= least && rune <= most)
                {
                    return !IsNegated;
                }
            }

            return IsNegated;
        }
    }
}
