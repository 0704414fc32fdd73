namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Which objects of a job are uploaded: those that one of the include patterns matches (all, when there are none) and no exclude pattern. It is what ossutil does with every
/// <c>--include</c> in front of every <c>--exclude</c>: there a later rule overrules an earlier one, and two lists have no order but this.
/// As in ossutil a pattern is matched against the file's name, the last part of its path; one with a slash, which ossutil does not take, against the whole relative path, and its star goes over slashes.
/// </summary>
internal sealed class ObjectFilter(IReadOnlyList<string>? include, IReadOnlyList<string>? exclude)
{
    /// <summary>Most patterns of a job, both lists together.</summary>
    public const int MaxPatterns = 100;

    // What a path of 1,023 characters costs at worst is this times 1,023 steps.
    private const int MaxCharacters = 4 * 1024;

    private readonly Rule[] _include = Rules(include);
    private readonly Rule[] _exclude = Rules(exclude);

    /// <summary>What is wrong with the patterns, if anything.</summary>
    public static string? Refuse(IReadOnlyList<string>? include, IReadOnlyList<string>? exclude)
    {
        string[] all = [.. include ?? [], .. exclude ?? []];
        return all.Length > MaxPatterns ? $"include and exclude have more than {MaxPatterns} patterns."
            : Array.Find(all, pattern => pattern is null || GlobPattern.Parse(pattern) is null) is { } wrong
                ? $"The pattern '{ManifestText.Shown(wrong)}' must have 1 to {GlobPattern.MaxLength} characters, and each [ its ]."
            : Array.Exists(all, pattern => pattern is null) ? "include and exclude have a pattern that is null."
            : all.Sum(pattern => pattern.Length) > MaxCharacters ? $"include and exclude have more than {MaxCharacters} characters."
            : null;
    }

    /// <summary>Whether what is at <paramref name="path"/> is uploaded.</summary>
    /// <param name="path">Relative to the job's prefix, "/"-separated; of a manifest's entry the key, without the destination.</param>
    public bool Takes(string path) =>
        (_include.Length == 0 || Array.Exists(_include, rule => rule.Matches(path))) && !Array.Exists(_exclude, rule => rule.Matches(path));

    private static Rule[] Rules(IReadOnlyList<string>? patterns) =>
        [.. (patterns ?? []).Select(text => new Rule(GlobPattern.Parse(text)!, text.Contains('/', StringComparison.Ordinal)))];

    private sealed record Rule(GlobPattern Pattern, bool IsOfPath)
    {
        public bool Matches(string path) => Pattern.Matches(IsOfPath ? path : path.AsSpan(path.LastIndexOf('/') + 1));
    }
}
