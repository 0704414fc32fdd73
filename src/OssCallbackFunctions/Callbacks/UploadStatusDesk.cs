using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Callbacks;

/// <summary>Tells how far an upload is. Of one that nothing was heard of there is no row: its id says that it was lent.</summary>
public sealed class UploadStatusDesk(UploadRecords records, UploadMarks marks, UploadIds ids)
{
    internal async Task<Outcome<UploadStatus>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > UploadGrant.MaxIdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return Problem.UploadNotFound;
        }

        var (recording, storing, rejecting) =
            (records.FindAsync(id, cancellationToken), marks.FindStoredAsync(id, cancellationToken), marks.FindRejectionAsync(id, cancellationToken));
        await Task.WhenAll(recording, storing, rejecting);
        var (record, stored, rejection) = (await recording, await storing, await rejecting);
        var isOurs = ids.TryRead(id, out var issued, out var expires);
        if (record is null && stored is null && rejection is null && !isOurs)
        {
            return Problem.UploadNotFound;
        }

        var status = new UploadStatus(id, UploadState.Issued, isOurs ? issued : null, isOurs ? expires : null, stored);
        return record is { Happened: { } happened } ? status with { State = UploadState.Verified, VerifiedAt = happened.Time, Upload = happened.Data }
            // A callback that came after the one that was refused may still be believed.
            : rejection is not null && (record is not null || stored is null || stored <= rejection.At)
                ? status with { State = UploadState.Rejected, RejectedAt = rejection.At, Reason = rejection.Reason, ExpiredAt = record?.ExpiredAt }
            : record is not null ? status with { State = UploadState.Expired, ExpiredAt = record.ExpiredAt }
            : stored is not null ? status with { State = UploadState.Stored }
            : status;
    }
}
