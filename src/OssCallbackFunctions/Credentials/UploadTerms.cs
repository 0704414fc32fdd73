using System.Globalization;
using Oss.Protocol;

namespace OssCallbackFunctions.Credentials;

/// <summary>A profile's terms as OSS reads them: headers of a request, fields of a form, properties of an object.</summary>
internal static class UploadTerms
{
    /// <summary>Field of a form that leads the uploader's browser to another page.</summary>
    public const string Redirect = "success_action_redirect";

    // Whatever x-oss-* header the uploader adds to these makes the signature wrong.
    public static void WriteTo(OssRequest request, UploadOrder order)
    {
        var profile = order.Profile;
        request.Headers["Content-Type"] = order.ContentType;
        if (order.Size is { } size)
        {
            request.Headers["Content-Length"] = size.ToString(CultureInfo.InvariantCulture);
        }

        if (order.Md5 is { } md5)
        {
            request.Headers["Content-MD5"] = md5;
        }

        if (profile.ForbidOverwrite)
        {
            request.Headers["x-oss-forbid-overwrite"] = "true";
        }

        if (profile.ContentDisposition is { } disposition)
        {
            request.Headers["Content-Disposition"] = disposition;
        }

        if (profile.StorageClass != UploadProfile.UsualStorageClass)
        {
            request.Headers["x-oss-storage-class"] = profile.StorageClass;
        }

        if (profile.ObjectAcl != UploadProfile.AclOfBucket)
        {
            request.Headers["x-oss-object-acl"] = profile.ObjectAcl;
        }

        // In the URL: the uploader has nothing to add.
        if (profile.TrafficLimit is { } limit)
        {
            request.With("x-oss-traffic-limit", limit.ToString(CultureInfo.InvariantCulture));
        }
    }

    // OSS takes fields that no condition names: what would matter is there, and pinned, also where it is as usual.
    public static List<KeyValuePair<string, string>> Fields(UploadOrder order, string callback)
    {
        var profile = order.Profile;
        var fields = new List<KeyValuePair<string, string>>
        {
            new("key", order.Key),
            // Wins over the type that the browser gives the file.
            new("x-oss-content-type", order.ContentType),
            new("x-oss-object-acl", profile.ObjectAcl),
            new("x-oss-storage-class", profile.StorageClass),
            new("success_action_status", "200"),
            // Not left out: whoever adds one could lead the uploader anywhere.
            new(Redirect, ""),
            new("callback", callback),
        };
        if (profile.ForbidOverwrite)
        {
            fields.Add(new("x-oss-forbid-overwrite", "true"));
        }

        if (profile.ContentDisposition is { } disposition)
        {
            fields.Add(new("Content-Disposition", disposition));
        }

        if (profile.TrafficLimit is { } limit)
        {
            fields.Add(new("x-oss-traffic-limit", limit.ToString(CultureInfo.InvariantCulture)));
        }

        return fields;
    }

    /// <summary>What a client that signs by itself is to send, but for the callback.</summary>
    public static IDictionary<string, string> Headers(UploadOrder order)
    {
        var request = new OssRequest("PUT", order.Profile.Bucket, order.Key);
        WriteTo(request, order);
        request.Headers.Remove("Content-Length");
        return request.Headers;
    }

    /// <summary>The same for a request of ours.</summary>
    public static ObjectProperties Properties(UploadOrder order) => new()
    {
        ContentType = order.ContentType,
        ForbidOverwrite = order.Profile.ForbidOverwrite,
        StorageClass = order.Profile.StorageClass == UploadProfile.UsualStorageClass ? null : order.Profile.StorageClass,
        Acl = order.Profile.ObjectAcl == UploadProfile.AclOfBucket ? null : order.Profile.ObjectAcl,
        ContentDisposition = order.Profile.ContentDisposition,
    };
}
