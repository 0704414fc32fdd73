using System.Buffers;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Tags as OSS takes them. Source: OSS documentation, "Object tagging".</summary>
internal static class ObjectTags
{
    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 256;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 +-=._:/");

    /// <summary>What is wrong with them, if anything.</summary>
    public static string? Refuse(IReadOnlyDictionary<string, string>? tags) =>
        tags is null ? null
        : tags.Count > OssLimits.MaxObjectTags ? $"tags has {tags.Count} tags; OSS allows {OssLimits.MaxObjectTags}."
        : tags.Any(tag => tag.Key.Length is 0 or > MaxKeyLength || tag.Value is null || tag.Value.Length > MaxValueLength
            || tag.Key.AsSpan().ContainsAnyExcept(Allowed) || tag.Value.AsSpan().ContainsAnyExcept(Allowed))
            ? $"tags must have keys of 1 to {MaxKeyLength} and values of up to {MaxValueLength} letters, digits, blanks and + - = . _ : /"
        : null;
}
