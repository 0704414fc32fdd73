using Microsoft.AspNetCore.WebUtilities;

namespace Oss.Emulator.Forms;

/// <summary>A PostObject form, read up to its file.</summary>
/// <param name="Fields">The fields before the file; names without regard to case.</param>
/// <param name="File">The part "file", its body not read yet.</param>
/// <param name="FileName">The file's own name, "" when it has none.</param>
internal sealed record UploadForm(IReadOnlyDictionary<string, string> Fields, MultipartSection File, string FileName)
{
    public string? Field(string name) => Fields.GetValueOrDefault(name);
}
