using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>The callback that goes out with every upload we have a part in, and the URL it comes back to.</summary>
public sealed class CallbackAddress
{
    /// <summary>Route of the callback function, without the prefix; the rest of the path is the grant.</summary>
    public const string Route = "callbacks/oss/";

    private const string RoutePrefix = "api/";

    // Gateways and Windows' HTTP server take at most 260 characters between two slashes.
    private const int MaxSegment = 200;

    // JSON: OSS puts strings in with their quotes.
    private const string BodyStart =
        """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":${mimeType},"crc64":${crc64},"operation":${operation},"requestId":${reqId}""";

    private readonly UploadGrants _grants;
    private readonly string[] _starts;
    private readonly string[] _paths;
    private readonly bool _sni;
    private readonly CallbackProfilesOptions _profiles;

    // A profile's is the same for all its uploads, but for the trace.
    private readonly ConcurrentDictionary<string, string> _bodies = new(StringComparer.Ordinal);

    /// <summary>Callbacks to the base URLs in the options.</summary>
    public CallbackAddress(IOptions<CallbackAddressOptions> options, UploadGrants grants, IOptions<CallbackProfilesOptions>? profiles = null)
    {
        _profiles = profiles?.Value ?? new CallbackProfilesOptions();
        _grants = grants;
        var bases = options.Value.BaseUris;
        _starts = Starts(bases);
        _sni = IsSecure(bases);
        _paths = [.. bases.Select(url => url.AbsolutePath).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Bytes that the values of a profile's variables may have together, so that OSS takes the callback of the longest id and subject; negative: it would not take it without any.
    /// </summary>
    internal static int RoomForVariables(CallbackAddressOptions options, string profile, IEnumerable<string> names, IEnumerable<string> fields)
    {
        var longest = new UploadGrant(new string('i', UploadGrant.MaxIdLength), profile, new string('s', UploadGrant.MaxSubjectBytes), DateTimeOffset.MaxValue)
        {
            Variables = names.ToDictionary(name => name, _ => ""),
        };
        var urls = options.BaseUris;
        // Base64, of the parameter as of the token: 3 bytes are 4 characters.
        var characters = (OssLimits.MaxCallbackParameterLength / 4 * 3) - (Parameter(Starts(urls), "", BodyOf(fields) + EndOfBody(TraceParent.New()), IsSecure(urls)).ToBase64().Length / 4 * 3);
        var token = (characters / urls.Count * MaxSegment / (MaxSegment + 1)) - 1;
        return (token / 4 * 3) - UploadGrants.BytesOf(longest);
    }

    /// <summary>The callback for one object, with the grant sealed into each of its URLs.</summary>
    public CallbackParameter For(UploadGrant grant, string bucket, string key) => Parameter(
        _starts, InPieces(_grants.Seal(grant, bucket, key)), _bodies.GetOrAdd(grant.Profile, profile => BodyOf(_profiles.Of(profile).Fields)) + EndOfBody(grant.TraceParent), _sni);

    /// <summary>What the body of a callback says beside the object itself, as far as the profile asks for it.</summary>
    internal CallbackClaims? Claims(string profile, IReadOnlyDictionary<string, JsonElement>? body) => CallbackFields.Read(body, _profiles.Of(profile).Fields);

    /// <summary>
    /// What OSS may have signed: path and query of each URL it was given, whatever a gateway made of them on the way here. Which of them it called is not known behind a gateway.
    /// </summary>
    /// <param name="path">The rest of the path: the grant's token, in pieces.</param>
    /// <param name="query">Raw query with its "?", or "".</param>
    public IEnumerable<string> SignedTargets(string path, string query) => _paths.Select(start => start + RoutePrefix + Route + path + query);

    /// <summary>The token in the rest of a path.</summary>
    internal static string TokenOf(string path) => path.Replace("/", "", StringComparison.Ordinal);

    private static string InPieces(string token)
    {
        // Nearly always once.
        for (var slash = MaxSegment; slash < token.Length; slash += MaxSegment + 1)
        {
            token = token.Insert(slash, "/");
        }

        return token;
    }

    private static string BodyOf(IEnumerable<string> fields) => BodyStart + CallbackFields.Template(fields);

    private static string EndOfBody(string? traceParent) => traceParent is null ? "}" : $",\"{TraceParent.Name}\":\"{traceParent}\"}}";

    private static string[] Starts(IReadOnlyList<Uri> bases) => [.. bases.Select(url => new Uri(url, RoutePrefix + Route).AbsoluteUri)];

    private static bool IsSecure(IReadOnlyList<Uri> bases) => bases.Any(url => url.Scheme == Uri.UriSchemeHttps);

    private static CallbackParameter Parameter(string[] starts, string token, string body, bool sni) => new()
    {
        Urls = Array.ConvertAll(starts, start => start + token),
        Body = body,
        BodyType = CallbackBodyType.Json,
        Sni = sni,
    };
}
