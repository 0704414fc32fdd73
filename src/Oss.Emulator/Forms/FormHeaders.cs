using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Forms;

/// <summary>What the fields of a form say about its object.</summary>
internal static class FormHeaders
{
    private const string ContentType = "Content-Type";
    private const string MetadataPrefix = "x-oss-meta-";

    public static ObjectDescription Of(Bucket bucket, UploadForm form)
    {
        // A field's name can be anything; a header's cannot. Of user metadata OSS takes letters, digits and hyphens.
        if (form.Fields.Keys.FirstOrDefault(name => name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) && !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) is { } odd)
        {
            throw Refusals.InvalidArgument(odd, form.Field(odd), "The name of user metadata may have letters, digits and hyphens only.");
        }

        var type = new[] { form.Field("x-oss-content-type"), form.File.ContentType, form.Field(ContentType) }.FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return ObjectHeaders.From(bucket, form.Fields.Where(field => !field.Key.Equals(ContentType, StringComparison.OrdinalIgnoreCase)).Append(new(ContentType, type ?? "")));
    }
}
