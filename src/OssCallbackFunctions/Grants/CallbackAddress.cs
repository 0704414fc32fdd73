using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>The callback that goes out with every upload we have a part in, and the URL it comes back to.</summary>
public sealed class CallbackAddress
{
    /// <summary>Route of the callback function, without the prefix; the rest of the path is the grant.</summary>
    public const string Route = "callbacks/oss/";

    private const string RoutePrefix = "api/";

    // JSON: OSS puts strings in with their quotes.
    private const string Body =
        """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":${mimeType},"crc64":${crc64},"operation":${operation},"requestId":${reqId}}""";

    private readonly UploadGrants _grants;
    private readonly Uri _base;

    /// <summary>Callbacks to the public base URL in the options.</summary>
    public CallbackAddress(IOptions<CallbackAddressOptions> options, UploadGrants grants)
    {
        _grants = grants;
        _base = options.Value.BaseUri;
    }

    /// <summary>The callback for one object, with the grant sealed into its URL.</summary>
    public CallbackParameter For(UploadGrant grant, string bucket, string key) => new()
    {
        Urls = [new Uri(_base, RoutePrefix + Route + _grants.Seal(grant, bucket, key)).AbsoluteUri],
        Body = Body,
        BodyType = CallbackBodyType.Json,
        Sni = _base.Scheme == Uri.UriSchemeHttps,
    };

    /// <summary>Path and query that OSS signed: those of the URL it was given, whatever a gateway made of them on the way here.</summary>
    /// <param name="token">The grant's token.</param>
    /// <param name="query">Raw query with its "?", or "".</param>
    public string SignedTarget(string token, string query) => _base.AbsolutePath + RoutePrefix + Route + token + query;
}
