using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>The parts that a client wants an object to be made of, among those that OSS has.</summary>
internal static class NamedParts
{
    /// <summary>Finds each part named, by number and ETag; refused when one is not there, is named twice or out of order, or none is named.</summary>
    /// <param name="parts">Those that OSS has.</param>
    /// <param name="named">Those that the client names.</param>
    /// <param name="all">Whether it has to name all that OSS has: where no size says that an object is whole.</param>
    public static Outcome<List<UploadedPart>> Choose(IReadOnlyList<UploadedPart> parts, IReadOnlyList<(int Number, string ETag)> named, bool all)
    {
        var byNumber = parts.ToDictionary(part => part.Number);
        var chosen = new List<UploadedPart>(named.Count);
        foreach (var (number, etag) in named)
        {
            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                return Problem.InvalidParts.With($"Part {number} comes after part {chosen[^1].Number}: name each part once, in order.");
            }

            if (!byNumber.TryGetValue(number, out var part) || !string.Equals(part.ETag.Trim('"'), etag.Trim('"'), StringComparison.OrdinalIgnoreCase))
            {
                return Problem.InvalidParts.With($"OSS has no part {number} with that ETag.");
            }

            chosen.Add(part);
        }

        return chosen.Count == 0 ? Problem.InvalidParts.With("No part is named.")
            : all && parts.Except(chosen).FirstOrDefault() is { } left ? Problem.InvalidParts.With($"Part {left.Number} is uploaded and not named: name all, or begin anew.")
            : chosen;
    }
}
