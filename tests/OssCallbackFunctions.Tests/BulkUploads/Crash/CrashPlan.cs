using System.Text;
using System.Text.Json;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>An object of the job of many, by its number.</summary>
internal sealed record CrashObject(string Key, byte[] Content);

/// <summary>What is uploaded: the same for the same seed. When each thing happens is up to the machine.</summary>
internal sealed class CrashPlan
{
    public const int SmallPart = 102_400;
    private const int LargestSmall = 300_000;
    private const int LargePart = 8 * 1024 * 1024;
    private const int MarkedBytes = 64 * 1024;

    // There is to be work for as long as there are kills. With kills it takes twice the time.
    private static readonly TimeSpan WorkForAKill = TimeSpan.FromSeconds(2);

    private CrashPlan(int seed, int kills, IReadOnlyList<CrashObject> objects, long largeSize)
    {
        Seed = seed;
        Kills = kills;
        Objects = objects;
        LargeSize = largeSize;
    }

    public int Seed { get; }

    public int Kills { get; }

    public IReadOnlyList<CrashObject> Objects { get; }

    public long LargeSize { get; }

    /// <summary>Set when the file is written.</summary>
    public ulong LargeCrc64 { get; private set; }

    public string LargeKey => $"crash-{Seed}/large 大.bin";

    public string ManyId => $"crash-many-{Seed}";

    public string LargeId => $"crash-large-{Seed}";

    /// <summary>The job of many objects; some seeds let none of them be replaced.</summary>
    public object Many => new { id = ManyId, manifest = new { file = "many.jsonl" }, partSize = SmallPart, objectsInFlight = 24, forbidOverwrite = Seed % 2 == 0 };

    /// <summary>The job of one large object, slow enough to be killed over.</summary>
    public object Large => new
    {
        id = LargeId, source = new { file = "large.bin" }, key = LargeKey, partSize = LargePart,
        bandwidth = Math.Max(LargePart, LargeSize / (long)(WorkForAKill.TotalSeconds * Kills)),
    };

    public static CrashPlan Make(int seed, int kills, int objects, long largeSize)
    {
        var random = new Random(seed);
        return new CrashPlan(seed, kills, [.. Enumerable.Range(0, objects).Select(One)], largeSize);

        CrashObject One(int number)
        {
            var content = new byte[number == 0 ? 0 : random.Next(3) == 0 ? random.Next(2_000) : random.Next(LargestSmall)];
            random.NextBytes(content);
            return new CrashObject($"crash-{seed}/many/{number:D4} +%é.bin", content);
        }
    }

    /// <summary>Writes the sources, the large one with holes: each of its parts begins with bytes of its own.</summary>
    public void Write(string folder)
    {
        var manifest = new StringBuilder();
        Directory.CreateDirectory(Path.Combine(folder, "many"));
        foreach (var (number, one) in Objects.Index())
        {
            File.WriteAllBytes(Path.Combine(folder, "many", $"{number}.bin"), one.Content);
            manifest.AppendLine(JsonSerializer.Serialize(new { file = $"many/{number}.bin", key = one.Key }));
        }

        File.WriteAllText(Path.Combine(folder, "many.jsonl"), manifest.ToString());
        var random = new Random(Seed);
        var hole = new byte[LargePart - MarkedBytes];
        var mark = new byte[MarkedBytes];
        using var large = File.Create(Path.Combine(folder, "large.bin"));
        large.SetLength(LargeSize);
        for (long at = 0; at < LargeSize; at += LargePart)
        {
            random.NextBytes(mark);
            var marked = mark.AsSpan(0, (int)Math.Min(MarkedBytes, LargeSize - at));
            large.Position = at;
            large.Write(marked);
            var rest = hole.AsSpan(0, (int)Math.Clamp(LargeSize - at - MarkedBytes, 0, hole.Length));
            LargeCrc64 = Crc64.Append(Crc64.Append(LargeCrc64, marked), rest);
        }
    }
}
