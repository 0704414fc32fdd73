using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Cors;

/// <summary>The rules that the options give to buckets which have none.</summary>
internal static class CorsAtStart
{
    /// <summary>Names what is wrong with the rules.</summary>
    /// <exception cref="ArgumentException">OSS would not take them.</exception>
    public static void Check(OssEmulatorOptions options)
    {
        try
        {
            if (options.CorsRules.Count > 0)
            {
                new CorsConfiguration(options.CorsRules, ResponseVary: false).Check();
            }
        }
        catch (OssException e)
        {
            throw new ArgumentException($"The CORS rules cannot be: {e.Error.Message} {string.Join(' ', e.Error.Details.Select(detail => detail.Value))}", e);
        }
    }

    public static void Apply(OssEmulatorOptions options, BucketIndex buckets)
    {
        if (options.CorsRules.Count == 0)
        {
            return;
        }

        foreach (var bucket in options.Buckets.Select(buckets.Find).OfType<Bucket>().Where(bucket => bucket.Record.Cors is null))
        {
            bucket.Change(record => record with { Cors = new CorsConfiguration(options.CorsRules, ResponseVary: false) });
        }
    }
}
