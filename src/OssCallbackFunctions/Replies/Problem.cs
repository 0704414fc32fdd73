namespace OssCallbackFunctions.Replies;

/// <summary>A failure that a caller can act on. <see cref="Code"/> is stable; the detail is for people.</summary>
/// <param name="Code">Stable code, snake case.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">What it is, the same every time.</param>
/// <param name="Detail">What it is this time, and what to do.</param>
public sealed record Problem(string Code, int Status, string Title, string? Detail = null)
{
    internal static readonly Problem InvalidJson = new("invalid_json", 400, "The body is not the JSON expected.");
    internal static readonly Problem InvalidKey = new("invalid_key", 400, "The object key is not one that OSS takes.");
    internal static readonly Problem InvalidContentType = new("invalid_content_type", 400, "The content type is not valid.");
    internal static readonly Problem InvalidSize = new("invalid_size", 400, "The size is not allowed.");
    internal static readonly Problem InvalidSubject = new("invalid_subject", 400, "The subject is not valid.");
    internal static readonly Problem InvalidFileName = new("invalid_file_name", 400, "The file name is not valid.");
    internal static readonly Problem InvalidChecksum = new("invalid_checksum", 400, "The checksum is not valid.");
    internal static readonly Problem InvalidKind = new("invalid_kind", 400, "That kind of credential cannot be lent.");
    internal static readonly Problem InvalidParts = new("invalid_parts", 400, "The parts are not those of the upload.");
    internal static readonly Problem UploadTooLarge = new("upload_too_large", 400, "The parts have more bytes than the upload may.");
    internal static readonly Problem SessionNotFound = new("session_not_found", 404, "There is no such upload session.");
    internal static readonly Problem SessionExpired = new("session_expired", 403, "The upload session is over.");
    internal static readonly Problem MultipartNotFound = new("multipart_not_found", 404, "The session has no such multipart upload.");
    internal static readonly Problem ObjectExists = new("object_exists", 409, "There is an object of this key already.");
    internal static readonly Problem InvalidVariables = new("invalid_variables", 400, "The variables are not those of the profile.");
    internal static readonly Problem ProfileNotFound = new("profile_not_found", 400, "There is no such upload profile.");
    internal static readonly Problem CallerUnknown = new("caller_unknown", 401, "The caller's key is nobody's.");
    internal static readonly Problem ProfileForbidden = new("profile_forbidden", 403, "The upload profile is not for this caller.");
    internal static readonly Problem InvalidJob = new("invalid_job", 400, "The bulk upload job is not valid.");
    internal static readonly Problem InvalidWebhook = new("invalid_webhook", 400, "The webhook is not one that gets this event.");
    internal static readonly Problem EventNotFound = new("event_not_found", 404, "There is no such event, or its record was removed.");
    internal static readonly Problem UploadNotFound = new("upload_not_found", 404, "There is no such upload.");
    internal static readonly Problem JobNotFound = new("job_not_found", 404, "There is no such bulk upload job.");
    internal static readonly Problem JobExists = new("job_exists", 409, "There is a bulk upload job with this id already, for another upload.");
    internal static readonly Problem TooManyCredentials = new("too_many_credentials", 429, "The caller asks for more credentials than it may be lent.");
    internal static readonly Problem TooManyBytes = new("too_many_bytes", 429, "The caller asks to upload more bytes than it may.");
    internal static readonly Problem TooManyMultiparts = new("too_many_multiparts", 429, "The caller has as many multipart uploads open as it may.");
    internal static readonly Problem InvalidIdempotencyKey = new("invalid_idempotency_key", 400, "The idempotency key is not valid.");
    internal static readonly Problem IdempotencyKeyReused = new("idempotency_key_reused", 422, "The idempotency key belongs to another request.");
    internal static readonly Problem IdempotencyInFlight = new("idempotency_in_flight", 409, "The request with this idempotency key is not answered yet.") { RetryAfter = 1 };
    internal static readonly Problem JobState = new("job_state", 409, "The job is not in a state in which that can be done.");
    internal static readonly Problem InvalidQuery = new("invalid_query", 400, "The query is not valid.");
    internal static readonly Problem DeadLetterNotFound = new("dead_letter_not_found", 404, "There is no such dead letter, or it was sent back or removed.");
    internal static readonly Problem DeadLetterCut = new("dead_letter_cut", 409, "The message is not there as a whole, so it cannot be sent back.");
    internal static readonly Problem BodyTooLarge = new("body_too_large", 413, "The body is too large.");
    internal static readonly Problem CallbackRefused = new("callback_refused", 403, "The callback is refused.");
    internal static readonly Problem Unavailable = new("unavailable", 503, "A service this one depends on does not answer. Try again.") { RetryAfter = 5 };
    internal static readonly Problem Internal = new("internal_error", 500, "Something went wrong here.");

    /// <summary>Seconds after which to try again; null: the same request has the same answer.</summary>
    public int? RetryAfter { get; init; }

    internal Problem With(string detail) => this with { Detail = detail };
}

/// <summary>A value, or the problem that there is none.</summary>
/// <param name="Value">Set when <paramref name="Problem"/> is not.</param>
/// <param name="Problem">Why there is no value.</param>
public readonly record struct Outcome<T>(T? Value, Problem? Problem)
    where T : class
{
    /// <summary>A value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A problem.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(null, problem);
}
