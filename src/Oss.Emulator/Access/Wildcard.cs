namespace Oss.Emulator.Access;

/// <summary>Patterns of RAM: <c>*</c> is any text, also none, <c>?</c> any one character.</summary>
internal static class Wildcard
{
    /// <summary>Whether the whole text fits the pattern; takes at most as many steps as the product of their lengths.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int inPattern = 0, inText = 0, star = -1, afterStar = 0;
        while (inText < text.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                star = inPattern++;
                afterStar = inText;
            }
            else if (inPattern < pattern.Length && (pattern[inPattern] == '?' || pattern[inPattern] == text[inText]))
            {
                inPattern++;
                inText++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more. Those before it need not: what follows them has been found already.
                inPattern = star + 1;
                inText = ++afterStar;
            }
            else
            {
                return false;
            }
        }

        return pattern[inPattern..].IndexOfAnyExcept('*') < 0;
    }

    /// <summary>As <see cref="Fits"/>, upper and lower case being the same.</summary>
    public static bool FitsIgnoringCase(string pattern, string text) => Fits(pattern.ToUpperInvariant(), text.ToUpperInvariant());
}
