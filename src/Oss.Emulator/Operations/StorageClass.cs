using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

/// <summary>An object's storage class.</summary>
internal static class StorageClass
{
    public const string Header = "x-oss-storage-class";

    private static readonly string[] Readable = ["Standard", "IA"];
    private static readonly string[] Frozen = ["Archive", "ColdArchive", "DeepColdArchive"];

    /// <summary>A header's or a form field's value, if it is one.</summary>
    public static string Checked(string value) =>
        Readable.Contains(value, StringComparer.Ordinal) || Frozen.Contains(value, StringComparer.Ordinal) ? value
            : throw Refusals.InvalidArgument(Header, value, $"The value of {Header} is invalid.");

    public static string Of(ObjectRecord record) => Of(record.Headers);

    /// <summary>The storage class in stored headers.</summary>
    public static string Of(Dictionary<string, string> headers) => headers.GetValueOrDefault(Header, "Standard");

    /// <summary>Refuses to read what would have to be restored first.</summary>
    public static void RequireReadable(ObjectRecord record)
    {
        if (Frozen.Contains(Of(record), StringComparer.Ordinal))
        {
            throw Refusals.InvalidObjectState(record.Key);
        }
    }
}
