namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>What is done with an object's key.</summary>
internal enum UploadShape
{
    /// <summary>One credential, used once.</summary>
    Once,

    /// <summary>One credential, used twice for the same bytes.</summary>
    Twice,

    /// <summary>Two credentials, of which one is used.</summary>
    SpareCredential,

    /// <summary>Two credentials, both used, for other bytes: the object is replaced, or the two race.</summary>
    Replaced,

    /// <summary>Two credentials; the second is used about when the first, which never is, comes due.</summary>
    AsAnotherComesDue,

    /// <summary>One credential, used twice for other bytes: the second callback is refused, and the ledger tells.</summary>
    Rewritten,

    /// <summary>A multipart upload through a capability URL, completed there.</summary>
    InParts,

    /// <summary>One credential that nobody uses.</summary>
    Unused,
}

/// <summary>One credential: what is asked for, and what is uploaded with it.</summary>
internal sealed record PlannedCredential(bool IsForm, bool HasCallbackInHeader, bool NamesSize, byte[] Content);

/// <summary>All that happens under one key.</summary>
/// <param name="Key">Object key; its first folder is the fault's name.</param>
/// <param name="Shape">What is done with it.</param>
/// <param name="First">The first credential.</param>
/// <param name="Second">The second, where there is one.</param>
/// <param name="Pause">Between the first thing and the second.</param>
internal sealed record PlannedUpload(string Key, UploadShape Shape, PlannedCredential First, PlannedCredential Second, TimeSpan Pause)
{
    public int Credentials => Shape is UploadShape.SpareCredential or UploadShape.Replaced or UploadShape.AsAnotherComesDue ? 2 : 1;

    public int Uploads => Shape is UploadShape.Unused ? 0 : Shape is UploadShape.Twice or UploadShape.Replaced or UploadShape.Rewritten ? 2 : 1;
}

/// <summary>What is uploaded, how, and which fault it meets: the same for the same seed. When each thing happens is up to the machine.</summary>
internal static class ChaosPlan
{
    private static readonly string[] Names = ["file.bin", "a b+c%41.txt", "中文/é.bin", "x=1&y=2?z#", "-._~!$'()*,;:@"];

    private static readonly (UploadShape Shape, int Weight)[] Shapes =
    [
        (UploadShape.Once, 58), (UploadShape.Twice, 8), (UploadShape.SpareCredential, 6), (UploadShape.Replaced, 9), (UploadShape.AsAnotherComesDue, 3), (UploadShape.Rewritten, 4), (UploadShape.InParts, 4), (UploadShape.Unused, 8),
    ];

    /// <summary>Plans at least so many uploads.</summary>
    public static IReadOnlyList<PlannedUpload> Make(int seed, int uploads)
    {
        var random = new Random(seed);
        var plan = new List<PlannedUpload>();
        for (var planned = 0; planned < uploads; planned += plan[^1].Uploads)
        {
            plan.Add(Next(random, plan.Count, hasTimeLeft: planned < uploads * 2 / 3));
        }

        return plan;
    }

    private static PlannedUpload Next(Random random, int number, bool hasTimeLeft)
    {
        // Each fault is met by some upload, whatever the seed.
        var isFirst = number < ChaosFaults.Weights.Count;
        var shape = isFirst ? UploadShape.Once : Pick(random, Shapes);
        var fault = isFirst ? ChaosFaults.Weights[number].Name
            : shape == UploadShape.AsAnotherComesDue
            ? ChaosFaults.WithoutRetries[random.Next(ChaosFaults.WithoutRetries.Count)]
            : Pick(random, ChaosFaults.Weights);
        // What takes long is done early: the test ends when all is settled.
        shape = shape == UploadShape.AsAnotherComesDue && !hasTimeLeft ? UploadShape.SpareCredential : shape;
        fault = fault is ChaosFaults.Late or ChaosFaults.TooLate && !hasTimeLeft ? ChaosFaults.None : fault;
        var key = $"{fault}/{number:D5}/{Names[random.Next(Names.Length)]}";
        var (first, second) = (Credential(random), Credential(random));
        // A credential may bind the size.
        second = shape == UploadShape.Rewritten ? first with { Content = [.. first.Content[1..], (byte)~first.Content[0]] } : second;
        return new PlannedUpload(key, shape, first, second, TimeSpan.FromMilliseconds(random.Next(1500)));
    }

    private static PlannedCredential Credential(Random random)
    {
        // At least so many bytes that no two contents are the same.
        var content = new byte[16 + random.Next(4096)];
        random.NextBytes(content);
        return new PlannedCredential(random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, content);
    }

    private static T Pick<T>(Random random, IReadOnlyList<(T Value, int Weight)> weights)
    {
        var drawn = random.Next(weights.Sum(weight => weight.Weight));
        return weights.First(weight => (drawn -= weight.Weight) < 0).Value;
    }
}
