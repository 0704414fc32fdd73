using System.Globalization;
using Azure.Data.Tables;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Names of the rows in a job's partition, in the order of their numbers.</summary>
internal static class UploadObjectRows
{
    /// <summary>More objects than a job has.</summary>
    public const long End = 9_999_999_999;

    /// <summary>Row of an object.</summary>
    public static string Of(long number) => Name('o', number);

    /// <summary>Row that says that an object has failed: so that they are found among millions.</summary>
    public static string Failed(long number) => Name('f', number);

    /// <summary>Row that says that an object's multipart upload was begun, or may have been.</summary>
    public static string Uploading(long number) => Name('u', number);

    /// <summary>Row that says which message has a slice: of a number of slices that were sent together, the one that ends with a part.</summary>
    public static string Slice(long number, string wave, int last) => string.Create(CultureInfo.InvariantCulture, $"{Name('s', number)}-{wave}-{last}");

    /// <summary>Row of a page.</summary>
    public static string Page(int page) => Name('p', page);

    /// <summary>Row that says which object has a key; keys may have characters that no row key has.</summary>
    public static string Key(string key) => "k-" + KeyHash.Of(key);

    /// <summary>The number in a row's name.</summary>
    public static long Number(string row) => long.Parse(row.AsSpan(2), CultureInfo.InvariantCulture);

    /// <summary>All rows of a kind from one on.</summary>
    public static string From(string jobId, string first) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {jobId} and RowKey ge {first} and RowKey lt {first[..1] + "."}");

    /// <summary>Rows of objects from <paramref name="first"/> up to, and without, <paramref name="end"/>.</summary>
    public static string Between(string jobId, long first, long end) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {jobId} and RowKey ge {Of(first)} and RowKey lt {Of(end)}");

    private static string Name(char kind, long number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:D10}");
}
