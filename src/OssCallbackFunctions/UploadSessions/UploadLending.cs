using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>Decides which kind of credential is lent, and lends it together with a capability URL.</summary>
public sealed class UploadLending(
    UploadCredentialIssuer issuer, UploadSessionDesk sessions, MultipartDesk multiparts, TemporaryKeys keys, Seals seals, CredentialLender lender, CredentialMetrics metrics, IOptions<UploadOptions> options)
{
    private const long WishedPartSize = 8 * 1024 * 1024;
    private const int PartsAtOnce = 100;

    internal async Task<Outcome<UploadAnswer>> LendAsync(UploadCredentialRequest asked, string? caller, CancellationToken cancellationToken)
    {
        if (asked.Kind == UploadKind.Session)
        {
            var many = sessions.ForMany(asked, caller);
            if (many.Value is not { } session)
            {
                return many.Problem!;
            }

            metrics.CountLent(UploadKind.Session, issuer.FindProfile(asked.Profile)!.Name);
            return new UploadAnswer(session.Id, UploadKind.Session, sessions.Url(session), session.Expires);
        }

        var ordered = issuer.Order(asked, caller);
        return ordered.Value is { } order ? await LendAsync(order, asked, sessions.ForOne(order, asked, caller), cancellationToken) : ordered.Problem!;
    }

    private async Task<Outcome<UploadAnswer>> LendAsync(UploadOrder order, UploadCredentialRequest asked, UploadSession session, CancellationToken cancellationToken)
    {
        var answer = new UploadAnswer(order.Id, asked.Kind ?? KindFor(order), sessions.Url(session), session.Expires);
        if (answer.Kind == UploadKind.Multipart)
        {
            var begun = await BeginAsync(order, session, cancellationToken);
            return begun.Value is { } multipart ? answer with { Multipart = multipart } : begun.Problem!;
        }

        if (answer.Kind == UploadKind.Sts)
        {
            // No temporary key is bound to a size: what was said of it counts.
            var key = await lender.LendAsync(order.Profile.Name, order.Size ?? order.Profile.MaxSize, () => keys.LendAsync(order, cancellationToken), session.Caller, cancellationToken);
            return key.Value is not null ? answer with { Sts = key.Value } : key.Problem!;
        }

        if (answer.Kind == UploadKind.Put)
        {
            var put = await lender.LendAsync(await issuer.PutOfAsync(order, asked.Callback, cancellationToken), session.Caller, cancellationToken);
            return put.Value is not null ? answer with { Put = put.Value } : put.Problem!;
        }

        var form = await lender.LendAsync(await issuer.FormOfAsync(order, cancellationToken: cancellationToken), session.Caller, cancellationToken);
        return form.Value is not null ? answer with { Form = form.Value } : form.Problem!;
    }

    // A size that is not known can be bounded by a form alone.
    private UploadKind KindFor(UploadOrder order) =>
        order.Size is not { } size ? UploadKind.Form : size >= options.Value.MultipartThreshold && order.Md5 is null ? UploadKind.Multipart : UploadKind.Put;

    private async Task<Outcome<LentMultipart>> BeginAsync(UploadOrder order, UploadSession session, CancellationToken cancellationToken)
    {
        if (order.Md5 is not null)
        {
            return Problem.InvalidChecksum.With("A multipart upload cannot be bound to an MD5: take a presigned PUT.");
        }

        var plan = order.Size is { } size ? UploadPlan.For(size, WishedPartSize) : null;
        var begun = await multiparts.BeginAsync(order, session, plan?.PartSize, cancellationToken);
        if (begun.Value is not { } ticket)
        {
            return begun.Problem!;
        }

        var uploadId = ticket.ToText(seals, session);
        if (plan is null)
        {
            return new LentMultipart(order.Id, ticket.Bucket, ticket.Key, uploadId, null, null, [], ticket.Expires);
        }

        var first = Enumerable.Range(1, Math.Min(plan.PartCount, PartsAtOnce)).ToList();
        var signed = await multiparts.SignPartsAsync(session, ticket, first, cancellationToken);
        return signed.Value is not { } urls ? signed.Problem! : new LentMultipart(
            order.Id, ticket.Bucket, ticket.Key, uploadId, plan.PartSize, plan.PartCount, [.. first.Zip(urls, (number, url) => new LentPart(number, plan.Part(number).Length, url.Url))],
            urls[0].Expires);
    }
}
