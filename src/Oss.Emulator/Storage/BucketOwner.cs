namespace Oss.Emulator.Storage;

/// <summary>The account that all buckets belong to.</summary>
internal static class BucketOwner
{
    /// <summary>Account number, as OSS has them.</summary>
    public const string Id = "1234567890123456";
}
