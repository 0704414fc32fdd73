using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The header line of a CSV manifest: its separator (the first comma, semicolon or tab in it) and what each column is.</summary>
internal sealed class CsvColumns
{
    private const int MaxBytes = 8 * 1024;

    private readonly List<string> _names;

    private CsvColumns(List<string> names, char separator)
    {
        _names = names;
        Separator = separator;
    }

    public char Separator { get; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="ManifestException">A column is not known, there twice, or none says where the bytes are.</exception>
    public static CsvColumns Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header) || Encoding.UTF8.GetByteCount(header) > MaxBytes)
        {
            throw Invalid($"A CSV manifest needs a header line of at most {MaxBytes} bytes, such as file,key.");
        }

        var first = header.IndexOfAny([',', ';', '\t']);
        var separator = first < 0 ? ',' : header[first];
        var names = (CsvFields.Split(header, separator) ?? throw Invalid("The quotes in the header line are wrong."))
            .Select(name => Known(name.Trim()) ?? throw Invalid($"The column '{Shown(name)}' is not known. Known: {string.Join(", ", ManifestMembers.Names)}, metadata.NAME. A header line is needed.")).ToList();
        return names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Invalid($"The column {twice.Key} is there {twice.Count()} times.")
            : !names.Exists(ManifestMembers.IsSource) ? throw Invalid("No column says where the bytes are: file, url, blob or oss.")
            : new CsvColumns(names, separator);
    }

    /// <summary>The members in a record; an empty field is none.</summary>
    public ManifestMembers Read(string record)
    {
        var members = new ManifestMembers();
        if (CsvFields.Split(record, Separator) is not { } fields)
        {
            return members.Fail("Its quotes are wrong: a field with quotes in it is put in quotes, and they are doubled.");
        }

        if (fields.Count != _names.Count)
        {
            return members.Fail($"It has {fields.Count} fields, the header line {_names.Count}.");
        }

        foreach (var (name, value) in _names.Zip(fields).Where(field => field.Second.Length > 0))
        {
            members.Set(name, value);
        }

        return members;
    }

    // In the spelling of the JSON members: headers are written by hand.
    private static string? Known(string name) =>
        name.StartsWith(ManifestMembers.MetadataPrefix, StringComparison.OrdinalIgnoreCase) && name.Length > ManifestMembers.MetadataPrefix.Length
            ? ManifestMembers.MetadataPrefix + name[ManifestMembers.MetadataPrefix.Length..]
            : ManifestMembers.Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Shown(string name) => ManifestText.Shown(name.Trim());

    private static ManifestException Invalid(string message) => new("manifest_header_invalid", message);
}
