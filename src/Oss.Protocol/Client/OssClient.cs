using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// A client for the operations this project needs. Bodies are streamed and opened again for each attempt; their CRC64 is compared with OSS's.
/// Every method throws <see cref="OssException"/> when OSS refuses, and <see cref="HttpRequestException"/>, <see cref="IOException"/> or <see cref="TimeoutException"/>
/// when the connection fails, after the attempts that <see cref="OssRetry"/> allows. Safe for concurrent use.
/// </summary>
public sealed partial class OssClient
{
    private readonly OssTransport _transport;

    /// <summary>A client of one endpoint.</summary>
    /// <param name="http">Should have no timeout of its own (uploads may be long; stalls end after 60 s of silence) and follow no redirects.</param>
    /// <param name="endpoint">Where OSS is.</param>
    /// <param name="signers">Key and region: a <see cref="V4Signer"/>, or a source of them, which is asked for each attempt. A key that OSS refuses as unknown or ended is replaced, and the request sent again.</param>
    /// <param name="clock">The time for signatures and delays.</param>
    /// <param name="retry">Null: as OSS's SDKs do.</param>
    public OssClient(HttpClient http, OssEndpoint endpoint, ISignerSource signers, TimeProvider clock, OssRetry? retry = null)
    {
        _transport = new OssTransport(http, endpoint, signers, clock, retry ?? new OssRetry());
    }

    /// <summary>Stores an object of up to 5 GB in one request. Repeated on failure, and with it the callback.</summary>
    public Task<StoredObject> PutObjectAsync(
        string bucket, string key, UploadBody body, ObjectProperties? properties = null, CallbackParameter? callback = null, CancellationToken cancellationToken = default) =>
        PutObjectAsync(bucket, key, body, properties, callback, trafficLimit: null, cancellationToken);

    /// <summary>As the other, taken by OSS no faster than <paramref name="trafficLimit"/>: bits per second, 819,200 to 838,860,800; null: as fast as it goes.</summary>
    public Task<StoredObject> PutObjectAsync(
        string bucket, string key, UploadBody body, ObjectProperties? properties, CallbackParameter? callback, long? trafficLimit, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            () =>
            {
                var request = Limited(new OssRequest("PUT", bucket, key), trafficLimit);
                properties?.AddTo(request);
                Attach(callback, request);
                return request;
            },
            body,
            Repeat.Always,
            async (response, sent, token) =>
            {
                var stored = await StoredAsync(response, callback is not null, token).ConfigureAwait(false);
                return stored.Crc64 is { } crc && crc != sent ? throw new OssIntegrityException(sent, crc) : stored;
            },
            cancellationToken);

    /// <summary>Reads an object.</summary>
    /// <param name="bucket">Bucket.</param>
    /// <param name="key">Object key.</param>
    /// <param name="range">First byte and number of bytes; null: all. A range that does not fit is refused by this client, where OSS would send the whole object.</param>
    /// <param name="cancellationToken">Ends the request; reading goes on by the token of each read.</param>
    public Task<ObjectDownload> GetObjectAsync(string bucket, string key, (long Offset, long Length)? range = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            () =>
            {
                var request = new OssRequest("GET", bucket, key);
                if (range is var (offset, length))
                {
                    request.Headers["Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + length - 1}");
                    // Otherwise an unsatisfiable range is answered with the whole object.
                    request.Headers["x-oss-range-behavior"] = "standard";
                }

                return request;
            },
            null,
            Repeat.Always,
            async (response, _, token) =>
            {
                if (range is not null && response.StatusCode != HttpStatusCode.PartialContent)
                {
                    using (response)
                    {
                        throw new OssException(new OssError(OssErrorCode.InvalidRange, "The range asked for was not answered with a range."));
                    }
                }

                return new ObjectDownload(response, await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false), OssTransport.Head(response));
            },
            cancellationToken);

    /// <summary>The facts of an object; null when there is none.</summary>
    public async Task<ObjectHead?> HeadObjectAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _transport.SendAsync(
                () => new OssRequest("HEAD", bucket, key), null, Repeat.Always, (response, _, _) => Consume(response, OssTransport.Head), cancellationToken).ConfigureAwait(false);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchKey) || e.Error is { Code: "Http404", RequestId: not null })
        {
            // The second: OSS's own answer (it has a request id) without an error, there being no body in a reply to HEAD.
            return null;
        }
    }

    /// <summary>Removes an object; succeeds when there is none.</summary>
    public Task DeleteObjectAsync(string bucket, string key, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(() => new OssRequest("DELETE", bucket, key), null, Repeat.Always, (response, _, _) => Consume(response, _ => true), cancellationToken);

    /// <summary>Begins a multipart upload and returns its id. Not repeated when the connection breaks: each success begins an upload of its own.</summary>
    public async Task<string> InitiateMultipartUploadAsync(string bucket, string key, ObjectProperties? properties = null, CancellationToken cancellationToken = default)
    {
        var xml = await _transport.SendAsync(
            () =>
            {
                var request = new OssRequest("POST", bucket, key).With("uploads", null).With("encoding-type", "url");
                properties?.AddTo(request);
                return request;
            },
            UploadBody.From(default),
            Repeat.OnRefusal,
            TextAsync,
            cancellationToken).ConfigureAwait(false);
        return InitiateMultipartUploadResult.Parse(xml).UploadId;
    }

    /// <summary>Stores a part; the same number again replaces it.</summary>
    public Task<UploadedPart> UploadPartAsync(string bucket, string key, string uploadId, int number, UploadBody body, CancellationToken cancellationToken = default) =>
        UploadPartAsync(bucket, key, uploadId, number, body, trafficLimit: null, cancellationToken);

    /// <summary>As the other, taken by OSS no faster than <paramref name="trafficLimit"/>: bits per second, 819,200 to 838,860,800; null: as fast as it goes.</summary>
    public Task<UploadedPart> UploadPartAsync(
        string bucket, string key, string uploadId, int number, UploadBody body, long? trafficLimit, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            () => Limited(Part(bucket, key, uploadId, number), trafficLimit),
            body,
            Repeat.Always,
            (response, sent, _) => Consume(response, reply =>
                OssTransport.Crc(reply) is { } stored && stored != sent
                    ? throw new OssIntegrityException(sent, stored)
                    : new UploadedPart(number, OssTransport.Header(reply, "ETag") ?? "", body.Length, sent)),
            cancellationToken);

    /// <summary>The parts that OSS has of an upload, by number, page after page of 1,000.</summary>
    public IAsyncEnumerable<UploadedPart> ListPartsAsync(string bucket, string key, string uploadId, CancellationToken cancellationToken = default) =>
        ListPartsAsync(bucket, key, uploadId, 0, cancellationToken);

    /// <summary>The parts with numbers greater than <paramref name="afterNumber"/>.</summary>
    public async IAsyncEnumerable<UploadedPart> ListPartsAsync(
        string bucket, string key, string uploadId, int afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var marker = afterNumber; ;)
        {
            var after = marker.ToString(CultureInfo.InvariantCulture);
            var xml = await ReadAsync(
                () => new OssRequest("GET", bucket, key).With("uploadId", uploadId).With("max-parts", "1000").With("part-number-marker", after).With("encoding-type", "url"), cancellationToken)
                .ConfigureAwait(false);
            var page = ListPartsResult.Parse(xml);
            foreach (var (part, _) in page.Parts)
            {
                yield return part;
            }

            if (!page.IsTruncated || page.NextPartNumberMarker <= marker)
            {
                yield break;
            }

            marker = page.NextPartNumberMarker;
        }
    }

    /// <summary>
    /// Makes the object from its parts. Not repeated when the connection breaks; when it has taken effect, a repeat is refused with NoSuchUpload: then compare HeadObject's
    /// size and CRC64 with what they should be.
    /// </summary>
    public Task<StoredObject> CompleteMultipartUploadAsync(
        string bucket, string key, string uploadId, IEnumerable<UploadedPart> parts, ObjectProperties? properties = null, CallbackParameter? callback = null,
        CancellationToken cancellationToken = default)
    {
        var xml = Encoding.UTF8.GetBytes(new CompleteMultipartUpload([.. parts.Select(part => (part.Number, part.ETag))]).ToXml());
        return _transport.SendAsync(
            () =>
            {
                var request = new OssRequest("POST", bucket, key).With("uploadId", uploadId).With("encoding-type", "url");
                request.Headers["Content-Type"] = "application/xml";
                if (properties?.ForbidOverwrite == true)
                {
                    request.Headers["x-oss-forbid-overwrite"] = "true";
                }

                Attach(callback, request);
                return request;
            },
            UploadBody.From(xml),
            Repeat.OnRefusal,
            (response, _, token) => StoredAsync(response, callback is not null, token),
            cancellationToken);
    }

    /// <summary>Gives up a multipart upload and its parts; succeeds when there is none.</summary>
    public async Task AbortMultipartUploadAsync(string bucket, string key, string uploadId, CancellationToken cancellationToken = default)
    {
        try
        {
            await _transport.SendAsync(
                () => new OssRequest("DELETE", bucket, key).With("uploadId", uploadId), null, Repeat.Always, (response, _, _) => Consume(response, _ => true), cancellationToken).ConfigureAwait(false);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Aborted before, or completed: either way there is nothing left to give up.
        }
    }

    private static OssRequest Part(string bucket, string key, string uploadId, int number) =>
        new OssRequest("PUT", bucket, key).With("partNumber", number.ToString(CultureInfo.InvariantCulture)).With("uploadId", uploadId);

    private static OssRequest Limited(OssRequest request, long? trafficLimit)
    {
        if (trafficLimit is { } bitsPerSecond)
        {
            request.Headers["x-oss-traffic-limit"] = bitsPerSecond.ToString(CultureInfo.InvariantCulture);
        }

        return request;
    }

    private static void Attach(CallbackParameter? callback, OssRequest request)
    {
        if (callback is null)
        {
            return;
        }

        request.Headers["x-oss-callback"] = callback.ToBase64();
        if (callback.VariablesToBase64() is { } variables)
        {
            request.Headers["x-oss-callback-var"] = variables;
        }
    }

    private static async Task<StoredObject> StoredAsync(HttpResponseMessage response, bool hasCallback, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            var failed = response.StatusCode == HttpStatusCode.NonAuthoritativeInformation;
            // With a callback the ETag of a completed upload is in the header alone, the body being the callback server's.
            var etag = OssTransport.Header(response, "ETag") ?? (!hasCallback && body.Length > 0 ? CompleteMultipartUploadResult.Parse(body).ETag : "");
            return new StoredObject(
                etag,
                OssTransport.Crc(response),
                hasCallback && !failed ? body : null,
                failed ? OssError.Parse(body, (int)response.StatusCode, OssTransport.Header(response, "x-oss-request-id")) : null);
        }
    }

    private Task<string> ReadAsync(Func<OssRequest> request, CancellationToken cancellationToken) => _transport.SendAsync(request, null, Repeat.Always, TextAsync, cancellationToken);

    private static async Task<string> TextAsync(HttpResponseMessage response, ulong sent, CancellationToken cancellationToken)
    {
        using (response)
        {
            return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task<T> Consume<T>(HttpResponseMessage response, Func<HttpResponseMessage, T> read)
    {
        using (response)
        {
            return Task.FromResult(read(response));
        }
    }
}
