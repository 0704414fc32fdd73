namespace Oss.Emulator;

/// <summary>A call to one callback URL.</summary>
/// <param name="Url">The URL called.</param>
/// <param name="Bucket">Bucket of the object.</param>
/// <param name="Key">Object key.</param>
/// <param name="Status">HTTP status of the answer; null when there was none.</param>
/// <param name="ReplyBody">Body of the answer, as far as it was read.</param>
/// <param name="Succeeded">Whether the answer was what OSS asks for.</param>
/// <param name="FailureMessage">What the uploader is told when it was not.</param>
/// <param name="Time">When the call ended.</param>
/// <param name="RequestId">Id of the upload's request; the call had it in <c>x-oss-request-id</c>.</param>
/// <param name="RequestBody">The filled-in body that was signed.</param>
/// <param name="Duration">From the connection to the end of the answer, by the emulator's clock.</param>
public sealed record RecordedCallback(
    string Url, string Bucket, string Key, int? Status, string? ReplyBody, bool Succeeded, string? FailureMessage, DateTimeOffset Time,
    string RequestId, string RequestBody, TimeSpan Duration);
