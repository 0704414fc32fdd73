using System.Globalization;
using System.Text.Json;
using Oss.Protocol;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Limits;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>Multipart uploads of others: begun, listed, completed and given up here, while the parts go to OSS by presigned PUTs. The callback is attached here, where no client can take it off.</summary>
public sealed class MultipartDesk(
    UploadCredentialIssuer issuer, Seals seals, CallbackAddress callbacks, UploadLedger ledger, UploadLimits limits, OssClient oss, OssEndpoint endpoint, ISignerSource signers,
    TimeProvider clock, CredentialMetrics metrics)
{
    /// <summary>Begins an upload, if the limits of the session's caller have room for it. What is not in the ledger is not lent: then it is given up again.</summary>
    /// <param name="order">What is uploaded.</param>
    /// <param name="session">Under which session.</param>
    /// <param name="partSize">Bytes of each part but the last, which the client is told; null: it cuts the file as it likes.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task<Outcome<MultipartTicket>> BeginAsync(UploadOrder order, UploadSession session, long? partSize, CancellationToken cancellationToken)
    {
        var (profile, grant) = (order.Profile, issuer.Grant(order));
        return limits.WithinAsync<MultipartTicket>(session.Caller, new UploadUse(order.Size ?? profile.MaxSize, grant.Expires), async slot =>
        {
            var initiated = await InitiateAsync(order, cancellationToken);
            if (initiated.Value is not { } ossUploadId)
            {
                return initiated.Problem!;
            }

            try
            {
                var entry = UploadCredentialIssuer.Entry(order, grant, order.Issued + issuer.Lifetime(profile)) with { MultipartId = ossUploadId, Slot = slot, Caller = slot is null ? null : session.Caller };
                await ledger.ArmAsync(entry, cancellationToken);
                metrics.CountLent(UploadKind.Multipart, profile.Name);
                CredentialTrace.Lent(entry);
            }
            catch
            {
                await oss.AbortMultipartUploadAsync(profile.Bucket, order.Key, ossUploadId, CancellationToken.None);
                throw;
            }

            return new MultipartTicket(ossUploadId, order.Id, order.Issued, grant.Expires, profile.Bucket, order.Key, slot, partSize);
        });
    }

    // OSS looks whether the key is taken before the first part, and again at the end.
    private async Task<Outcome<string>> InitiateAsync(UploadOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await oss.InitiateMultipartUploadAsync(order.Profile.Bucket, order.Key, UploadTerms.Properties(order), cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.FileAlreadyExists))
        {
            return KeyTaken;
        }
    }

    /// <summary>The upload that a client names, if it is one of its session.</summary>
    internal Outcome<MultipartTicket> Find(UploadSession session, string uploadId, string? key) =>
        issuer.FindProfile(session.Asked.Profile) is { } profile && MultipartTicket.Parse(uploadId, seals, session, profile.Bucket, key ?? "") is { } ticket && clock.GetUtcNow() < ticket.Expires
            ? ticket
            : Problem.MultipartNotFound.With("Upload id and key are not those that this session was given, or it is over.");

    /// <summary>
    /// URLs to send parts to, without any header, each bound to its size where the client was told it. All are signed with one key, the present one, whichever the upload was begun with.
    /// Where the client cuts the file as it likes, a URL takes up to 5 GiB: so no more are signed once the parts have more bytes than they may, and there are no more parts than the file can be cut into.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="ticket">The upload.</param>
    /// <param name="numbers">Numbers from 1 on.</param>
    /// <param name="cancellationToken">Ends the waiting for OSS, and for a key to sign with.</param>
    internal async Task<Outcome<IReadOnlyList<PresignedUrl>>> SignPartsAsync(UploadSession session, MultipartTicket ticket, IReadOnlyList<int> numbers, CancellationToken cancellationToken)
    {
        var most = MostParts(session, ticket);
        if (numbers.FirstOrDefault(number => number > most) is > 0 and var beyond)
        {
            return Problem.InvalidParts.With($"There is no part {beyond}: the upload has at most {most} of {MaxBytes(session)} bytes together.");
        }

        if (ticket.PartSize is null && (await ListAsync(session, ticket, cancellationToken)).Problem is { } refusal)
        {
            return refusal;
        }

        var signer = await signers.CurrentAsync(cancellationToken);
        return new Outcome<IReadOnlyList<PresignedUrl>>([.. numbers.Select(number => SignPart(signer, session, ticket, number))], null);
    }

    private int MostParts(UploadSession session, MultipartTicket ticket) =>
        Plan(session, ticket)?.PartCount ?? (int)Math.Clamp((MaxBytes(session) + OssLimits.MinPartSize - 1) / OssLimits.MinPartSize, 1, OssLimits.MaxPartCount);

    // A ticket says how large parts are where the session says how large the file is.
    private static UploadPlan? Plan(UploadSession session, MultipartTicket ticket) => ticket.PartSize is { } size ? new UploadPlan(session.Asked.Size!.Value, size) : null;

    private long MaxBytes(UploadSession session) => session.Asked.Size ?? issuer.FindProfile(session.Asked.Profile)!.MaxSize;

    private PresignedUrl SignPart(V4Signer signer, UploadSession session, MultipartTicket ticket, int number)
    {
        var size = Plan(session, ticket)?.Part(number).Length;
        var request = new OssRequest("PUT", ticket.Bucket, ticket.Key) { AdditionalHeaders = size is null ? [] : ["content-length"] }
            .With("partNumber", number.ToString(CultureInfo.InvariantCulture)).With("uploadId", ticket.OssUploadId);
        if (size is { } exact)
        {
            request.Headers["Content-Length"] = exact.ToString(CultureInfo.InvariantCulture);
        }

        var profile = issuer.FindProfile(session.Asked.Profile)!;
        if (profile.TrafficLimit is { } limit)
        {
            request.With("x-oss-traffic-limit", limit.ToString(CultureInfo.InvariantCulture));
        }

        // A URL lives for a second at least, also one that is signed in the upload's last.
        var now = clock.GetUtcNow();
        var left = TimeSpan.FromSeconds(Math.Max(1, (ticket.Expires - now).TotalSeconds));
        var lifetime = issuer.Lifetime(profile);
        return signer.Presign(request, endpoint, now, left < lifetime ? left : lifetime);
    }

    /// <summary>The parts that OSS has. When they have more bytes together than the upload may, it is given up.</summary>
    internal async Task<Outcome<IReadOnlyList<UploadedPart>>> ListAsync(UploadSession session, MultipartTicket ticket, CancellationToken cancellationToken)
    {
        List<UploadedPart> parts;
        try
        {
            parts = await oss.ListPartsAsync(ticket.Bucket, ticket.Key, ticket.OssUploadId, cancellationToken).ToListAsync(cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            return Gone;
        }

        var (bytes, most) = (parts.Sum(part => part.Size), MaxBytes(session));
        if (bytes <= most)
        {
            return new Outcome<IReadOnlyList<UploadedPart>>(parts, null);
        }

        await AbortAsync(session, ticket, CancellationToken.None);
        return Problem.UploadTooLarge.With($"The parts have {bytes} bytes, and {most} are allowed: the upload was given up.");
    }

    /// <summary>Makes the object of the parts named, which must be there and together have the size granted.</summary>
    internal async Task<Outcome<StoredObject>> CompleteAsync(UploadSession session, MultipartTicket ticket, IReadOnlyList<(int Number, string ETag)> named, CancellationToken cancellationToken)
    {
        var made = await MakeAsync(session, ticket, named, cancellationToken);
        if (made.Value is not null || made.Problem == Gone)
        {
            await limits.CloseAsync(session.Caller, ticket.Slot);
        }

        return made;
    }

    private async Task<Outcome<StoredObject>> MakeAsync(UploadSession session, MultipartTicket ticket, IReadOnlyList<(int Number, string ETag)> named, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(session, ticket, cancellationToken);
        if (listed.Value is not { } parts)
        {
            return listed.Problem == Gone && await FindMadeAsync(ticket, named.Count, cancellationToken) is { } made ? made : listed.Problem!;
        }

        var chosen = NamedParts.Choose(parts, named, all: session.Asked.Size is null);
        var profile = issuer.FindProfile(session.Asked.Profile)!;
        var size = chosen.Value?.Sum(part => part.Size) ?? 0;
        if ((chosen.Problem ?? RefuseSize(session, profile, size)) is { } refusal)
        {
            return refusal;
        }

        var grant = UploadCredentialIssuer.Grant(ticket.Id, profile, session.Asked, ticket.Expires);
        try
        {
            var stored = await oss.CompleteMultipartUploadAsync(
                ticket.Bucket, ticket.Key, ticket.OssUploadId, chosen.Value!, new ObjectProperties { ForbidOverwrite = profile.ForbidOverwrite },
                callbacks.For(grant, ticket.Bucket, ticket.Key), cancellationToken);
            if (!IsAnswered(stored))
            {
                // We know what OSS could not tell us: no need to wait until the grant is over.
                await ledger.PendAsync(LedgerEntry.Pending(grant, ticket.Bucket, ticket.Key, new ClaimedObject(stored.ETag.Trim('"'), size, stored.Crc64, "CompleteMultipartUpload", null)), CancellationToken.None);
            }

            return stored;
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            return await FindMadeAsync(ticket, named.Count, cancellationToken) is { } made ? made : Gone;
        }
        catch (OssException e) when (e.Is(OssErrorCode.FileAlreadyExists))
        {
            return KeyTaken;
        }
        catch (OssException e) when (e.Error.HttpStatus == 400)
        {
            return Problem.InvalidParts.With($"OSS says {e.Error.Code}: {e.Error.Message}");
        }
    }

    // The callback function answers with a state; what else comes back is no word of ours.
    private static bool IsAnswered(StoredObject stored)
    {
        try
        {
            using var reply = JsonDocument.Parse(stored.CallbackReply ?? "null");
            return reply.RootElement.ValueKind == JsonValueKind.Object && reply.RootElement.TryGetProperty("state", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A completion whose reply was lost is asked for again: the upload is gone then, and the object is there, of as many parts.
    private async Task<StoredObject?> FindMadeAsync(MultipartTicket ticket, int parts, CancellationToken cancellationToken) =>
        await oss.HeadObjectAsync(ticket.Bucket, ticket.Key, cancellationToken) is { } head && head.LastModified >= ticket.Issued - OssLimits.MaxClockSkew
        && head.ETag.Trim('"').EndsWith($"-{parts}", StringComparison.Ordinal)
            ? new StoredObject(head.ETag, head.Crc64, null, null)
            : null;

    /// <summary>Gives an upload up, with its parts. Safe to repeat.</summary>
    internal async Task AbortAsync(UploadSession session, MultipartTicket ticket, CancellationToken cancellationToken)
    {
        await oss.AbortMultipartUploadAsync(ticket.Bucket, ticket.Key, ticket.OssUploadId, cancellationToken);
        await limits.CloseAsync(session.Caller, ticket.Slot);
    }

    private static Problem KeyTaken => Problem.ObjectExists.With("There is an object of this key, which may not be replaced.");

    private static Problem Gone => Problem.MultipartNotFound.With("OSS has no such upload any more: it was completed or given up.");

    private static Problem? RefuseSize(UploadSession session, UploadProfile profile, long size) =>
        session.Asked.Size is { } exact && size != exact ? Problem.InvalidSize.With($"The parts have {size} bytes, and {exact} were granted.")
        : size < profile.MinSize ? Problem.InvalidSize.With($"The parts have {size} bytes, and {profile.MinSize} to {profile.MaxSize} are allowed.")
        : null;
}
