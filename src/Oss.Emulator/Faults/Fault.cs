namespace Oss.Emulator.Faults;

/// <summary>
/// Something that is to go wrong, and when. It meets requests that OSS would carry out: known bucket, valid key, right signature. A PostObject form is met when its fields have been read.
/// </summary>
/// <param name="Operation">OSS's name of the operation, such as <c>PutObject</c>; <c>*</c>: any.</param>
/// <param name="Probability">How likely a match is a hit, 0 to 1. Drawn from the seed, the fault's number and the match's number: the same ones are hit in each run.</param>
public sealed record Fault(string Operation = "*", double Probability = 1)
{
    // The two above are parameters because generated JSON readers know the defaults of parameters, and overwrite those of properties.

    /// <summary>The bucket; null: any, or none.</summary>
    public string? Bucket { get; init; }

    /// <summary>What the object key begins with; null: any key, or none.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>The part number, 1 to 10,000; null: any, or none.</summary>
    public int? PartNumber { get; init; }

    /// <summary>At most so many hits, at least 1; null: no end.</summary>
    public int? Times { get; init; }

    /// <summary>So many matches pass untouched first.</summary>
    public int After { get; init; }

    /// <summary>What the draws of this fault go by; null: the emulator's <see cref="OssEmulatorOptions.FaultSeed"/>.</summary>
    public long? Seed { get; init; }

    /// <summary>What goes wrong.</summary>
    public required FaultEffect Effect { get; init; }

    /// <summary>Names the first member that cannot be.</summary>
    internal void Validate()
    {
        Require(Operation.Length > 0, "operation is empty; * stands for any.");
        Require(PartNumber is null or (>= 1 and <= Protocol.OssLimits.MaxPartCount), "partNumber must be between 1 and 10000.");
        Require(Probability is >= 0 and <= 1, "probability must be between 0 and 1.");
        Require(Times is null or >= 1, "times must be at least 1.");
        Require(After >= 0, "after must not be negative.");
        Effect.Validate();
    }

    /// <summary>Whether the fault is meant for a request.</summary>
    internal bool Matches(FaultSubject subject) =>
        (Operation == "*" || Operation == subject.Operation)
        && (Bucket is null || Bucket == subject.Bucket)
        && (KeyPrefix is null || subject.Key?.StartsWith(KeyPrefix, StringComparison.Ordinal) == true)
        && (PartNumber is null || PartNumber == subject.PartNumber)
        && Effect.AppliesTo(subject);

    internal static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new ArgumentException(otherwise);
        }
    }
}

/// <summary>What faults look at in a request.</summary>
internal sealed record FaultSubject(string Operation, string? Bucket, string? Key, int? PartNumber, bool HasBody, bool HasCallback);
