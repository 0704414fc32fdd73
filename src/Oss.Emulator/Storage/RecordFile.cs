using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Oss.Emulator.Storage;

/// <summary>Small JSON files that are there whole or not at all: written aside, then renamed.</summary>
internal static class RecordFile
{
    private const string Unfinished = ".tmp";

    /// <summary>Writes the record aside; <see cref="Publish"/> puts it in its place.</summary>
    public static string Prepare<T>(string path, T record, JsonTypeInfo<T> type)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        // Not File.WriteAllBytes, which empties the file first, new as it is: ext4 then starts to write it to disk as soon as it is closed.
        using var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(record, type), fileOffset: 0);
        return temporary;
    }

    public static void Publish(string temporary, string path) => File.Move(temporary, path, overwrite: true);

    /// <summary>Removes what <see cref="Prepare"/> wrote, wherever its folder has gone.</summary>
    public static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with the folder.
        }
    }

    public static void Write<T>(string path, T record, JsonTypeInfo<T> type) => Publish(Prepare(path, record, type), path);

    /// <summary>The record, or null when the file is none, which only a crash of the whole machine can bring about.</summary>
    public static T? TryRead<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes what an earlier run did not finish writing.</summary>
    public static void RemoveUnfinished(string folder, SearchOption where = SearchOption.AllDirectories)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Unfinished, where))
        {
            File.Delete(file);
        }
    }
}
