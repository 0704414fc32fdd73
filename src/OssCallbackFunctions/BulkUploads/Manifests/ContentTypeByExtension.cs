using System.Collections.Frozen;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Content types of common file name extensions, as registered with IANA or, where that has none, as browsers and servers have them.</summary>
internal static class ContentTypeByExtension
{
    // Type, then its extensions.
    private static readonly string[] Table =
    [
        "application/epub+zip epub", "application/geo+json geojson", "application/gzip gz gzip", "application/java-archive jar", "application/json json map", "application/jsonl jsonl ndjson",
        "application/ld+json jsonld", "application/manifest+json webmanifest", "application/msword doc", "application/pdf pdf", "application/postscript ai eps ps", "application/rtf rtf",
        "application/sql sql", "application/toml toml", "application/vnd.android.package-archive apk", "application/vnd.apache.parquet parquet", "application/vnd.apple.mpegurl m3u8",
        "application/vnd.debian.binary-package deb", "application/vnd.ms-excel xls", "application/vnd.ms-fontobject eot", "application/vnd.ms-outlook msg", "application/vnd.ms-powerpoint ppt",
        "application/vnd.oasis.opendocument.presentation odp", "application/vnd.oasis.opendocument.spreadsheet ods", "application/vnd.oasis.opendocument.text odt",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation pptx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document docx", "application/vnd.rar rar", "application/vnd.sqlite3 sqlite sqlite3", "application/wasm wasm",
        "application/x-7z-compressed 7z", "application/x-apple-diskimage dmg", "application/x-bzip2 bz2", "application/x-iso9660-image iso", "application/x-ms-dos-executable exe dll",
        "application/x-msi msi", "application/x-rpm rpm", "application/x-sh sh", "application/x-tar tar", "application/gzip tgz", "application/x-xz xz", "application/xhtml+xml xhtml",
        "application/xml xml xsd xsl", "application/yaml yaml yml", "application/zip zip", "application/zstd zst",
        "audio/aac aac", "audio/amr amr", "audio/flac flac", "audio/midi mid midi", "audio/mp4 m4a", "audio/mpeg mp3", "audio/ogg oga ogg opus", "audio/wav wav", "audio/x-aiff aif aiff",
        "audio/x-ms-wma wma", "font/collection ttc", "font/otf otf", "font/ttf ttf", "font/woff woff", "font/woff2 woff2",
        "image/apng apng", "image/avif avif", "image/bmp bmp", "image/gif gif", "image/heic heic", "image/heif heif", "image/jpeg jpg jpeg jpe", "image/jxl jxl", "image/png png",
        "image/svg+xml svg", "image/tiff tif tiff", "image/vnd.adobe.photoshop psd", "image/vnd.microsoft.icon ico", "image/webp webp",
        "message/rfc822 eml", "model/gltf+json gltf", "model/gltf-binary glb", "model/obj obj", "model/stl stl",
        "text/calendar ics", "text/css css", "text/csv csv", "text/html html htm", "text/javascript js mjs", "text/markdown md markdown", "text/plain txt log conf ini", "text/tab-separated-values tsv",
        "text/vcard vcf", "text/vtt vtt", "application/x-subrip srt",
        "video/3gpp 3gp", "video/3gpp2 3g2", "video/iso.segment m4s", "video/matroska mkv", "video/mp2t ts", "video/mp4 mp4 m4v", "video/mpeg mpeg mpg", "video/ogg ogv", "video/quicktime mov qt",
        "video/webm webm", "video/x-flv flv", "video/x-ms-wmv wmv", "video/x-msvideo avi",
    ];

    private static readonly FrozenDictionary<string, string> Types = Table
        .Select(line => line.Split(' '))
        .SelectMany(words => words.Skip(1).Select(extension => KeyValuePair.Create(extension, words[0])))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The extensions that are known, without dot.</summary>
    public static IReadOnlyCollection<string> Extensions => Types.Keys;

    /// <summary>The content type that a key's extension stands for, of any case; application/octet-stream when it is not known. A name that is all extension (<c>.png</c>) has none.</summary>
    public static string Of(string key)
    {
        var name = key.AsSpan(key.LastIndexOf('/') + 1);
        var dot = name.LastIndexOf('.');
        return dot > 0 && Lookup.TryGetValue(name[(dot + 1)..], out var type) ? type : ContentType.Default;
    }
}
