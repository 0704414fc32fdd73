using System.Xml.Linq;
using Oss.Protocol;

namespace AlibabaSide;

/// <summary>What the buckets must have set. Source: OSS documentation, "PutBucketCors", "PutBucketLifecycle".</summary>
internal static class BucketRules
{
    // Paused jobs have their multipart uploads open for as long as somebody likes.
    private const int DaysOfJobs = 30;

    private const int MaxCorsBytes = 16 * 1024;

    /// <summary>Leave for the app's pages to upload: PUT and POST, the headers that are lent, and to read what multipart uploads need. Null: there are no pages.</summary>
    /// <exception cref="InvalidOperationException">There are more pages than OSS keeps rules for.</exception>
    public static string? Cors(ConfiguredApp app)
    {
        if (app.Cors.Origins.Count == 0)
        {
            return null;
        }

        // Who has a temporary key signs by himself, lists parts and gives uploads up.
        var signs = app.Lending.Count > 0;
        string[] methods = signs ? ["PUT", "POST", "GET", "HEAD", "DELETE"] : ["PUT", "POST"];
        string[] headers =
        [
            "Content-Type", "Content-MD5", .. app.Profiles.Any(profile => profile.ContentDisposition is not null) ? ["Content-Disposition"] : Array.Empty<string>(),
            .. signs ? ["Authorization"] : Array.Empty<string>(), "x-oss-*",
        ];
        string[] exposed = ["ETag", "Location", "x-oss-request-id", .. signs ? ["x-oss-hash-crc64ecma"] : Array.Empty<string>()];
        var xml = new XElement("CORSConfiguration", new XElement(
            "CORSRule",
            app.Cors.Origins.Order(StringComparer.Ordinal).Select(origin => new XElement("AllowedOrigin", origin)),
            methods.Select(method => new XElement("AllowedMethod", method)),
            headers.Select(header => new XElement("AllowedHeader", header)),
            exposed.Select(header => new XElement("ExposeHeader", header)),
            new XElement("MaxAgeSeconds", 600))).ToString();
        return xml.Length <= MaxCorsBytes ? xml : throw new InvalidOperationException($"Cors__AllowedOrigins has too many pages: OSS takes {MaxCorsBytes} bytes of CORS rules.");
    }

    /// <summary>Ends multipart uploads that nobody completed or gave up: a day after the longest grant, and with bulk uploads not before a month.</summary>
    public static string Lifecycle(ConfiguredApp app) => XElement.Parse(new LifecycleConfiguration([new("abort-stale-multipart-uploads", "", IsEnabled: true, Days(app))]).ToXml()).ToString();

    private static int Days(ConfiguredApp app)
    {
        var grant = app.Profiles.Max(profile => profile.Lifetime) + app.Uploads.MaxUploadTime;
        return Math.Max((int)Math.Ceiling(grant.TotalDays) + 1, app.HasBulkUploads ? DaysOfJobs : 0);
    }
}
